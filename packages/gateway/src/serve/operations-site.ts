// `@staywire/gateway/operations`: the operations API and page on an HTTP server of an application, as the gateway serves them. What is
// not theirs goes where it went before.

import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import { StaywireError } from 'staywire/server'
import type { Operations } from 'staywire/operations'
import { withOpenApi } from '../api/open-api.ts'
import { operationsRoutes } from '../api/operations.ts'
import { sessionRoutes } from '../api/session.ts'
import { adminRule } from '../http/admin-rule.ts'
import { Router } from '../http/router.ts'
import { pageFolder } from '../site/page-folder.ts'
import { Site } from '../site/site.ts'
import { endOperator, OPERATORS_PATH, operatorsServer } from './operators.ts'

/** Options of `serveOperations`: at least one of `adminKey` and `dev`. */
export interface OperationsSite {
  /** Who brings it as a bearer token may use the API, and whoever signs in to the page with it. At least 16 characters. */
  readonly adminKey?: string
  /** Lets in without a key whoever sits at this machine: loopback peers, no proxy, no foreign page. Default `false`. */
  readonly dev?: boolean
  /** Told about what failed while a request was answered. Default: nobody. */
  readonly onError?: (error: unknown) => void
}

/** Short ones can be guessed. */
const KEY_CHARS = 16

/**
 * Serves the operations API (`/api/v1/…`, `/api/websocket/…`, `/metrics`, `/ws/…`) and the operations page (`/dashboard`). The returned
 * function takes them off again. Throws a `StaywireError` `bad-option` where nobody could use them, or anybody.
 * @example const stop = serveOperations(httpServer, operations, { adminKey: process.env.ADMIN_KEY })
 */
export function serveOperations(
  http: HttpServer,
  operations: Operations,
  options: OperationsSite,
): () => Promise<void> {
  const { adminKey, dev = false, onError = () => {} } = options
  if ((adminKey === undefined && !dev) || (adminKey !== undefined && adminKey.length < KEY_CHARS))
    throw new StaywireError('bad-option', `adminKey is missing, or shorter than ${KEY_CHARS} characters.`, {
      fix: 'Give a long random one, or `dev: true` for this machine alone.',
    })
  const admin = adminRule({ adminKey, dev })
  const operators = operatorsServer(admin, 'operators')
  operations.tell(operators)
  const router = new Router({
    routes: withOpenApi([
      ...operationsRoutes(operations.routes),
      ...sessionRoutes({ adminKey, now: Date.now, ended: (session) => void endOperator(operators, session) }),
    ]),
    admin,
    sites: dashboard(),
    logger: { error: ({ err }: { readonly err: unknown }) => onError(err) },
  })
  const detach = before(http, router)
  operators.attach(http, { path: OPERATORS_PATH })
  return async () => {
    await operators.close()
    detach()
  }
}

function dashboard(): readonly Site[] {
  const folder = pageFolder('@staywire/dashboard')
  return folder === undefined ? [] : [new Site(['dashboard'], folder)]
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

/** Puts a router before what listens already. */
function before(http: HttpServer, router: Router): () => void {
  const others = http.listeners('request') as Listener[]
  const pass: Listener = (request, response) => {
    for (const listener of others) listener.call(http, request, response)
    if (others.length === 0 && http.listenerCount('request') === 1) response.writeHead(404).end()
  }
  const onRequest: Listener = (request, response) => {
    void router.knows(request).then((known) => (known ? router.handle(request, response) : pass(request, response)))
  }
  http.removeAllListeners('request')
  http.on('request', onRequest)
  return () => {
    if (!http.listeners('request').includes(onRequest)) return
    http.off('request', onRequest)
    for (const listener of others) http.on('request', listener)
  }
}
