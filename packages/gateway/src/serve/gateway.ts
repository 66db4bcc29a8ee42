// A running gateway: the server, its HTTP, its pages and the demo's feed, put together and taken apart again.

import type { Logger } from 'pino'
import type { Readiness } from '../api/health.ts'
import type { Config } from '../config/schema.ts'
import { publishHostFigures } from '../demo/host-figures.ts'
import { adminRule } from '../http/admin-rule.ts'
import { listen, makeHttpServer } from '../http/http-server.ts'
import { Router } from '../http/router.ts'
import { embedServer, tokenKey } from './embedded-server.ts'
import { pagesOf } from './pages.ts'
import { routesOf } from './routes.ts'

/** Past its time a drain may take this much longer before it is given up. Peers that do not answer are destroyed after one second. */
const DRAIN_GRACE_MS = 5_000

/** A gateway that listens. */
export interface Gateway {
  /** `http://HOST:PORT`. */
  readonly url: string
  readonly node: string
  /** Sends everybody away and lets go of everything. Resolves as soon as nobody is left. */
  stop(): Promise<void>
}

/** Starts one. Rejects with a `Failure` when it cannot listen, or cannot be configured like that. */
export async function startGateway(config: Config, logger: Logger): Promise<Gateway> {
  const { host, port, path, adminKey, dev, drainMs } = config
  const readiness: { state: Readiness['state'] } = { state: 'starting' }
  const key = await tokenKey(config)
  const server = embedServer(config, key, logger)
  const routes = routesOf({ server, readiness, signInKey: dev ? key : undefined, now: Date.now })
  const router = new Router({ routes, admin: adminRule({ adminKey, dev }), sites: pagesOf(config, logger), logger })
  const http = makeHttpServer()
  http.on('request', (request, response) => void router.handle(request, response))
  server.attach(http, { path })
  await server.ready
  const url = await listen(http, host, port)
  const endFeed = dev ? publishHostFigures(server, logger) : () => {}
  readiness.state = 'ready'
  return {
    url,
    node: server.node,
    async stop() {
      readiness.state = 'draining'
      endFeed()
      const left = await Promise.race([server.drain({ overMs: drainMs }), tooLong(drainMs + DRAIN_GRACE_MS)])
      if (left === LATE) logger.warn({ connections: server.stats().connections }, 'drain given up')
      else await server.close()
      http.close()
      http.closeAllConnections()
    },
  }
}

const LATE = Symbol('late')

function tooLong(ms: number): Promise<typeof LATE> {
  return new Promise((resolve) => void setTimeout(resolve, ms, LATE))
}
