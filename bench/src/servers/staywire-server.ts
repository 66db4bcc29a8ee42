/**
 * Staywire as an application would embed it, everything on: tokens checked, sessions, offsets and history, bounded outbox, heartbeat.
 * Only the limit on connections is raised, for the memory scenario holds more than the default allows.
 */

import { createServer as createHttpServer } from 'node:http'
import type { Operations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { readToken } from '../wire/token.ts'
import type { BenchServer } from './bench-server.ts'
import { listen } from './listen.ts'

/** One, watched by operations where there are some. */
export function staywireServer(operations?: Operations): BenchServer {
  let secret = ''
  const server = createServer({
    ...(operations && { observer: operations.observer }),
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
  operations?.watch(server)

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
