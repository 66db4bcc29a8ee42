// The server that operators' pages connect to: one of its own, so that no rule, token or crowd of the application's reaches it,
// and what it does is in none of the application's figures. It lets in whom the admin API would answer, and tells them what changes.

import type { IncomingHttpHeaders } from 'node:http'
import { ADMIN_CHANNELS } from 'staywire/operations'
import { createServer, type Server } from 'staywire/server'
import type { AdminRule } from '../http/admin-rule.ts'
import { SESSION_COOKIE, type AdminSession } from '../http/admin-session.ts'
import { HttpError } from '../http/http-error.ts'

/** Below which path. PROTOCOL.md, ADMIN-1. */
export const OPERATORS_PATH = '/api/v1/realtime'

/** Everybody in it is the same user: what one may see, all may. */
const OPERATOR = 'operator'
/** Far more than pages that anybody looks at, and few enough to harm nobody. */
const CONNECTIONS = 200

/** Makes it. Attach it to let them in. */
export function operatorsServer(admin: AdminRule, node: string): Server {
  return createServer({
    node,
    authenticate: ({ address, headers }) => {
      try {
        // The Origin was looked at already.
        const session = admin({ address, headers: headers as IncomingHttpHeaders, method: 'GET' })
        return { user: OPERATOR, ...(session && { tokenId: session.id, expiresAt: session.until }) }
      } catch (error) {
        if (error instanceof HttpError) return null
        throw error
      }
    },
    tokenCookie: SESSION_COOKIE,
    anonymous: false,
    channels: ADMIN_CHANNELS,
    limits: { connections: CONNECTIONS },
  })
}

/** Ends what a browser that signed out still has open. */
export async function endOperator(operators: Server, { id, until }: AdminSession): Promise<void> {
  await operators.revoke({ token: id }, { until })
}
