// A client in a process of its own, so that it can live on another host: connects, reads one channel, and tells its parent all it
// sees. Every message of the parent is published.

import { createClient, type Transport } from 'staywire/client'

/** What it tells. `at` is Unix milliseconds. */
export type Told =
  | { readonly what: 'status'; readonly status: string; readonly at: number }
  | { readonly what: 'live' | 'recovered' | 'gap'; readonly at: number }
  | { readonly what: 'publication'; readonly data: unknown; readonly at: number }
  | { readonly what: 'stored'; readonly at: number }

const [url = '', token = '', channel = '', transport = 'websocket'] = process.argv.slice(2)
const tell = (told: Told): void => void process.send?.(told)
const client = createClient(url, {
  getToken: () => token,
  transports: [transport as Transport],
  backoff: { network: { capMs: 1_000 } },
})
client.on('status', (status) => tell({ what: 'status', status, at: Date.now() }))
const subscription = client.subscribe<unknown>(channel, ({ data }) =>
  tell({ what: 'publication', data, at: Date.now() }),
)
subscription.on('outcome', (what) => tell({ what, at: Date.now() }))
process.on('message', (data) => {
  void client.publish<unknown>(channel, data).then(() => tell({ what: 'stored', at: Date.now() }))
})
process.on('disconnect', () => process.exit())
