/** A process with an embedded store in a directory of its own: publishes into it as fast as it acknowledges, or serves what it kept. */

import { createServer as createHttpServer } from 'node:http'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { createServer, embeddedStore, type Server } from 'staywire/server'
import { answerAsks } from '../process/asks.ts'
import { listen } from '../servers/listen.ts'
import { readToken } from '../wire/token.ts'

/** 200 bytes of JSON, as the studies of stores have it. */
const BODY = 'x'.repeat(198)
const CHANNELS = 50

/** What publishing yielded. Times in milliseconds. */
export interface Publishing {
  readonly perSecond: number
  readonly ackP50Ms: number
  readonly ackP99Ms: number
  /** Longest but one in a hundred delays of the event loop of the publishing process. */
  readonly loopP99Ms: number
}

let server: Server | undefined

async function open(directory: string, secret: string): Promise<Server> {
  server = createServer({
    store: embeddedStore({ directory }),
    authenticate({ token }) {
      const user = token === undefined ? undefined : readToken(token, secret)
      return user === undefined ? null : { user }
    },
    channels: { '**': { durability: 'disk', subscribe: true, publish: true } },
    // Everybody comes at once, and how soon they have recovered is what is measured.
    limits: { acceptPerSecond: 0 },
  })
  await server.ready
  return server
}

/** So many publishers, each with one publish under way, for so long. */
async function publishing(target: Server, inFlight: number, ms: number): Promise<Publishing> {
  const took: number[] = []
  const loop = monitorEventLoopDelay({ resolution: 1 })
  const until = performance.now() + ms
  const publisher = async (number: number): Promise<void> => {
    for (let sent = 0; performance.now() < until; sent += 1) {
      const from = performance.now()
      await target.publish(`c${(number + sent) % CHANNELS}`, BODY)
      took.push(performance.now() - from)
    }
  }
  loop.enable()
  const from = performance.now()
  await Promise.all(Array.from({ length: inFlight }, (_, number) => publisher(number)))
  const seconds = (performance.now() - from) / 1_000
  loop.disable()
  took.sort((a, b) => a - b)
  const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0
  return {
    perSecond: took.length / seconds,
    ackP50Ms: at(0.5),
    ackP99Ms: at(0.99),
    loopP99Ms: loop.percentile(99) / 1e6,
  }
}

/** What a store without group commit makes of the same: one row, one commit, one fsync. */
function unbatched(directory: string, ms: number): number {
  const database = new DatabaseSync(join(directory, 'unbatched.db'))
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE rows (channel TEXT, data TEXT)')
  const insert = database.prepare('INSERT INTO rows VALUES (?, ?)')
  let rows = 0
  const from = performance.now()
  for (; performance.now() - from < ms; rows += 1) insert.run(`c${rows % CHANNELS}`, BODY)
  const seconds = (performance.now() - from) / 1_000
  database.close()
  return rows / seconds
}

answerAsks({
  async publishing({ directory, inFlight, ms }: { directory: string; inFlight: number; ms: number }) {
    server ??= await open(directory, '')
    return publishing(server, inFlight, ms)
  },
  unbatched: ({ directory, ms }: { directory: string; ms: number }) => unbatched(directory, ms),
  async fill({ directory, count }: { directory: string; count: number }) {
    const target = await open(directory, '')
    await Promise.all(Array.from({ length: count }, () => target.publish('c0', BODY)))
    await target.close()
  },
  async serve({ directory, secret }: { directory: string; secret: string }) {
    const from = performance.now()
    const target = await open(directory, secret)
    const readyMs = performance.now() - from
    const http = createHttpServer()
    target.attach(http, { path: '/realtime' })
    // The newest position is what everybody missed up to: its epoch is theirs.
    const { position } = await target.history('c0', { limit: 1 })
    return { port: await listen(http), epoch: position.epoch, readyMs }
  },
})
