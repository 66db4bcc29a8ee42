/**
 * Staywire as an application would embed it, everything on: tokens checked, sessions, offsets and history, bounded outbox, heartbeat.
 * Only the limit on connections is raised, for the memory scenario holds more than the default allows.
 */

import { createServer as createHttpServer } from 'node:http'
import { createServer, type Observer, type Server } from 'staywire/server'
import { readToken } from '../wire/token.ts'
import type { BenchServer } from './bench-server.ts'
import { listen } from './listen.ts'

/** Who looks at it. */
export interface Watcher {
  readonly observer: Observer
  watch(server: Server): void
}

/** One, with whoever looks at it. */
export function staywireServer(watcher?: Watcher): BenchServer {
  let secret = ''
  const server = createServer({
    ...(watcher && { observer: watcher.observer }),
    authenticate({ token }) {
      const user = token === undefined ? undefined : readToken(token, secret)
      return user === undefined ? null : { user }
    },
    channels: {
      'idle:*': { history: { size: 1, ttlMs: 5_000 } },
      '*': { subscribe: true, publish: true },
    },
    calls: { echo: (body) => body },
    // The limits are in force and never met: what they cost is measured.
    limits: {
      connections: 100_000,
      connectionsFromLoopback: 100_000,
      acceptPerSecond: 0,
      framesPerSecond: 1e9,
      bytesPerSecond: 1e12,
    },
  })
  watcher?.watch(server)

  return {
    start(setup) {
      secret = setup.secret
      const httpServer = createHttpServer()
      server.attach(httpServer, { path: '/realtime' })
      return listen(httpServer)
    },
    publish(channel, body) {
      // Not awaited: the scenario counts deliveries. A rejection ends the process, and with it the attempt.
      void server.publish(channel, body)
    },
    connections: () => server.stats().connections,
  }
}
