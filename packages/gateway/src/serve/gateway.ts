// A running gateway: the server, its HTTP, its pages and the demo's feed, put together and taken apart again.

import type { Server as HttpServer } from 'node:http'
import type { Logger } from 'pino'
import { createOperations } from 'staywire/operations'
import type { Server } from 'staywire/server'
import type { Readiness } from '../api/health.ts'
import type { Config } from '../config/schema.ts'
import { publishHostFigures } from '../demo/host-figures.ts'
import { tokenKeys } from '../identity/token-keys.ts'
import { adminRule } from '../http/admin-rule.ts'
import { listen, makeHttpServer } from '../http/http-server.ts'
import { Router } from '../http/router.ts'
import { AlertSinks } from './alert-sinks.ts'
import { embedServer, failureOf } from './embedded-server.ts'
import { endOperator, OPERATORS_PATH, operatorsServer } from './operators.ts'
import { pagesOf } from './pages.ts'
import { routesOf } from './routes.ts'
import { makeStore } from './store.ts'

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

/** Starts one. Rejects with a `Failure` when it cannot listen, cannot open its store, or cannot be configured like that. */
export async function startGateway(config: Config, logger: Logger): Promise<Gateway> {
  const { adminKey, dev, path, drainMs, drainRetryAfterMs } = config
  const keys = await tokenKeys(config)
  const store = makeStore(config, logger)
  const alerts = new AlertSinks(config, logger)
  const operations = createOperations({
    storeAvailable: () => store?.available ?? true,
    onAlert: (change) => alerts.send(change),
  })
  const server = embedServer(config, { keys: keys.sources, store, logger, operations: operations.observer })
  operations.watch(server)
  const admin = adminRule({ adminKey, dev })
  const operators = operatorsServer(admin, server.node)
  operations.tell(operators)
  const phase = new Phase(() => store?.available ?? true)
  const routes = routesOf({
    server,
    operations,
    readiness: phase,
    adminKey,
    signInKey: dev ? keys.secret : undefined,
    now: Date.now,
    ended: (session) => void endOperator(operators, session),
  })
  const router = new Router({ routes, admin, sites: pagesOf(config, logger), logger })
  const http = makeHttpServer(config.limits.connections)
  http.on('request', (request, response) => void router.handle(request, response))
  server.attach(http, { path })
  if (dev || adminKey !== undefined) operators.attach(http, { path: OPERATORS_PATH })
  const url = await open(server, http, config)
  const endFeed = dev ? publishHostFigures(server, logger) : () => {}
  phase.now = 'ready'
  return {
    url,
    node: server.node,
    async stop() {
      phase.now = 'draining'
      endFeed()
      operations.stop()
      alerts.close()
      const left = await Promise.race([
        server.drain({ overMs: drainMs, ...(drainRetryAfterMs > 0 && { retryAfterMs: drainRetryAfterMs }) }),
        tooLong(drainMs + DRAIN_GRACE_MS),
      ])
      await operators.close()
      if (left === LATE) logger.warn({ connections: server.stats().connections }, 'drain given up')
      else await server.close()
      http.close()
      http.closeAllConnections()
    },
  }
}

/** Where a gateway is in its life. */
class Phase implements Readiness {
  now: Readiness['state'] = 'starting'
  readonly #canStore: () => boolean

  constructor(canStore: () => boolean) {
    this.#canStore = canStore
  }

  get state(): Readiness['state'] {
    return this.now === 'ready' && !this.#canStore() ? 'store-unavailable' : this.now
  }
}

/** Opens the store, then the port: nobody gets in before there is something to get into. Lets go of both when one fails. */
async function open(server: Server, http: HttpServer, { host, port, data }: Config): Promise<string> {
  try {
    await server.ready.catch((error: unknown) => {
      throw failureOf(error, 1, `the store in ${data} cannot be opened: `)
    })
    return await listen(http, host, port)
  } catch (error) {
    await server.close()
    throw error
  }
}

const LATE = Symbol('late')

function tooLong(ms: number): Promise<typeof LATE> {
  return new Promise((resolve) => void setTimeout(resolve, ms, LATE))
}
