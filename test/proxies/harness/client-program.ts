// A client in a process of its own, which can be given a certificate to trust: connects, reads one channel, and tells its parent
// all it sees. What its parent says is published.

import { createClient, type Transport } from 'staywire/client'

/** What it is started with. */
export interface Wanted {
  readonly url: string
  readonly token: string
  readonly channel: string
  readonly transports: readonly Transport[]
}

/** What it tells. `at` is Unix milliseconds. */
export type Told =
  | {
      readonly what: 'status'
      readonly status: string
      readonly transport: string
      readonly why: string
      readonly at: number
    }
  | { readonly what: 'outcome'; readonly outcome: string; readonly at: number }
  | { readonly what: 'publication'; readonly data: unknown; readonly at: number }
  | { readonly what: 'published'; readonly key: number; readonly as: string; readonly at: number }

type News = { [Kind in Told as Kind['what']]: Omit<Kind, 'at'> }[Told['what']]

const { url, token, channel, transports } = JSON.parse(process.argv[2] ?? '{}') as Wanted
const tell = (news: News): void => void process.send?.({ ...news, at: Date.now() })
const client = createClient(url, { getToken: () => token, transports })
client.on('status', (status, cause) => {
  tell({
    what: 'status',
    status,
    transport: String(client.stats().transport),
    why: `${cause?.code} ${cause?.network ?? ''}`,
  })
})
const subscription = client.subscribe<unknown>(channel, ({ data }) => tell({ what: 'publication', data }))
subscription.on('outcome', (outcome) => tell({ what: 'outcome', outcome }))
process.on('message', (key: number) => {
  client.publish(channel, { own: key }).then(
    () => tell({ what: 'published', key, as: 'stored' }),
    (error: { code: string }) => tell({ what: 'published', key, as: error.code }),
  )
})
process.on('disconnect', () => process.exit())
