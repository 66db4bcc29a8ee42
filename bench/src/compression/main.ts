/** A Staywire server in a process of its own that publishes documents, compressed or not, and says what that cost it. */

import { createServer as createHttpServer } from 'node:http'
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { createServer, type Server } from 'staywire/server'
import { answerAsks } from '../process/asks.ts'
import { listen } from '../servers/listen.ts'
import { readToken } from '../wire/token.ts'

/** What publishing cost. */
export interface Compressing {
  /** CPU of the server process for all of it, in microseconds. */
  readonly cpuUs: number
  /** Bytes after compression for each before it; 1 where nothing was compressed. */
  readonly ratio: number
}

let server: Server | undefined

/** About 4 KiB of JSON such as applications publish: names that repeat, values that do not. */
function documentOf(number: number): unknown {
  const items = Array.from({ length: 47 }, (_, index) => ({
    id: number * 100 + index,
    name: `item-${index}`,
    hash: ((number * 7_919 + index * 104_729) * 2_654_435_761).toString(16).slice(0, 16),
    price: ((number * 31 + index * 17) % 10_007) / 100,
    available: index % 3 === 0,
  }))
  return { number, items }
}

answerAsks({
  async open({ enabled, secret }: { enabled: boolean; secret: string }) {
    server = createServer({
      authenticate({ token }) {
        const user = token === undefined ? undefined : readToken(token, secret)
        return user === undefined ? null : { user }
      },
      channels: { '*': { subscribe: true } },
      limits: { acceptPerSecond: 0 },
      compression: { enabled },
    })
    const http = createHttpServer()
    server.attach(http)
    return listen(http)
  },
  subscribers: () => server?.channels().find(({ channel }) => channel === 'c0')?.subscribers ?? 0,
  async publish({ count }: { count: number }): Promise<Compressing> {
    const target = server as Server
    const before = process.cpuUsage()
    for (let number = 0; number < count; number += 1) {
      await target.publish('c0', documentOf(number))
      // One turn each: bursts would be joined, and that is another scenario.
      do await turn()
      while (target.stats().outboxBytes > 0)
    }
    await sleep(10)
    const { user, system } = process.cpuUsage(before)
    const { bytesBefore, bytesAfter } = target.stats().compression
    return { cpuUs: user + system, ratio: bytesBefore === 0 ? 1 : bytesAfter / bytesBefore }
  },
})
