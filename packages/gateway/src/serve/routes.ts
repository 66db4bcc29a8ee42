// Every route of the gateway, in one list: what is not here and is no page is not found.

import type { CryptoKey } from 'jose'
import type { Operations } from 'staywire/operations'
import type { Server } from 'staywire/server'
import { channelRoutes } from '../api/channels.ts'
import { healthRoutes, type Readiness } from '../api/health.ts'
import { withOpenApi } from '../api/open-api.ts'
import { operationsRoutes } from '../api/operations.ts'
import { publishRoutes } from '../api/publish.ts'
import { revokeRoutes } from '../api/revoke.ts'
import { signInRoute } from '../demo/sign-in.ts'
import { sessionRoutes, type SignIn } from '../api/session.ts'
import type { Route } from '../http/route.ts'

/** What routes work on. */
export interface RouteParts extends SignIn {
  readonly server: Server
  readonly operations: Pick<Operations, 'routes'>
  readonly readiness: Readiness
  /** Signs the tokens of the demo. Without it the demo has no sign-in. */
  readonly signInKey?: CryptoKey | undefined
}

/** The routes, with who may call each. */
export function routesOf({ server, operations, readiness, signInKey, ...signIn }: RouteParts): readonly Route[] {
  return withOpenApi([
    ...healthRoutes(readiness),
    ...publishRoutes(server),
    ...revokeRoutes(server),
    ...channelRoutes(server),
    ...operationsRoutes(operations.routes),
    ...sessionRoutes(signIn),
    ...(signInKey === undefined ? [] : [signInRoute(signInKey, signIn.now)]),
  ])
}
