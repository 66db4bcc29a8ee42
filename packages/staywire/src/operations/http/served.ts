// What every route works on: the operations of one server, and that server. Before there is one, nothing can be asked.

import type { OperationsCore } from '../operations.ts'
import type { ServerView } from '../server-view.ts'
import { RouteError } from './route-error.ts'

/** The server that is watched. Throws a `RouteError` 503 before there is one. */
export function served({ server }: OperationsCore): ServerView {
  if (server !== undefined) return server
  throw new RouteError(503, 'starting', 'There is no server to ask yet.')
}
