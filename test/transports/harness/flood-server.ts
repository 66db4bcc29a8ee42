// A server in a process of its own, so that its memory can be measured: publishes as fast as asked, and tells how its resident
// set grew while it did.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createServer } from 'staywire/server'

/** What the parent asks for. */
export interface Flood {
  readonly channel: string
  readonly forMs: number
  readonly bytes: number
  readonly perTurn: number
}

/** What came of it. Bytes. */
export interface Flooded {
  readonly published: number
  readonly rssBefore: number
  readonly rssMost: number
  readonly slowConsumers: number
}

const server = createServer({
  authenticate: ({ token }) => (token === undefined ? null : { user: token }),
  channels: { '**': { subscribe: true, history: { size: 10 } } },
})
const http = createHttpServer()
server.attach(http)

async function flood({ channel, forMs, bytes, perTurn }: Flood): Promise<Flooded> {
  const data = 'x'.repeat(bytes)
  const rssBefore = process.memoryUsage.rss()
  let rssMost = rssBefore
  let published = 0
  for (const end = performance.now() + forMs; performance.now() < end; await sleep(1)) {
    for (let n = 0; n < perTurn; n++) await server.publish(channel, data)
    published += perTurn
    rssMost = Math.max(rssMost, process.memoryUsage.rss())
  }
  return { published, rssBefore, rssMost, slowConsumers: server.stats().counters.slowConsumers }
}

process.on('message', (order: Flood) => {
  void flood(order).then((flooded) => process.send?.(flooded))
})
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port))
