// A page whose publishes are kept on disk. It publishes what the test asks for and shows what became of what was left.

import { createClient, type Settlement, type Status } from 'staywire/client/core'

declare global {
  interface Window {
    /** Publishes `{ n }` for each. */
    readonly say: (...numbers: number[]) => void
    readonly outbox: () => { status: Status; count: number; state: string | undefined; adopted: number | undefined }
    readonly settled: Settlement['outcome'][]
  }
}

const { url, token, channel } = window.gateway
const client = createClient(`${url}/realtime`, { getToken: () => token, outbox: { persist: true } })
const settled: Settlement['outcome'][] = []
client.on('settled', ({ outcome }) => settled.push(outcome))
void client.connect()

Object.assign(window, {
  settled,
  say: (...numbers: number[]) => {
    for (const n of numbers) client.publish(channel, { n }).catch(() => {})
  },
  outbox: () => {
    const { count, persistence } = client.stats().outbox
    return { status: client.status, count, state: persistence?.state, adopted: persistence?.adopted }
  },
})
