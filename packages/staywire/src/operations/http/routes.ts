// Every route of the operations API, in one list.

import type { OperationsCore } from '../operations.ts'
import { alertRoutes } from './alert-routes.ts'
import { findingRoutes } from './finding-routes.ts'
import { connectionRoutes } from './connection-routes.ts'
import type { OperationsRoute } from './route.ts'
import { stateRoutes } from './state-routes.ts'
import { userRoutes } from './user-routes.ts'
import { websocketMetricsRoutes } from './websocket-metrics-routes.ts'
import { websocketStatusRoutes } from './websocket-status-routes.ts'

/** The routes for the operations of one server. */
export function routesOf(operations: OperationsCore): readonly OperationsRoute[] {
  return [
    ...websocketStatusRoutes(operations),
    ...websocketMetricsRoutes(operations),
    ...connectionRoutes(operations),
    ...userRoutes(operations),
    ...findingRoutes(operations),
    ...stateRoutes(operations),
    ...alertRoutes(operations),
  ]
}
