// Pushes to all devices of a person: with a server in this process, or through a gateway. The rest of the example cannot tell.

import type { Server as HttpServer } from 'node:http'
import { fromThisMachine, type Answer } from '@staywire-examples/site'
import type { Tokens } from '@staywire-examples/site/tokens'
import { createOperations } from 'staywire/operations'
import { createServer, StaywireError } from 'staywire/server'
import type { Accounts } from './accounts.ts'
import type { Message } from './messages.ts'

/** What devices are told. */
export type Told =
  | { readonly type: 'new_message'; readonly message: Message }
  | { readonly type: 'read'; readonly from: string }

/** A way to all devices of a person. */
export interface Push {
  /** What it answers itself. */
  readonly answers: readonly Answer[]
  attach(http: HttpServer): void
  /** Resolves once it is stored for them: devices that are away recover it. `key`: the same is told once. */
  tell(user: string, told: Told, key: string): Promise<void>
  close(): Promise<void>
}

/** A server in this process. */
export function embedded(accounts: Accounts, tokens: Tokens): Push {
  const operations = createOperations({ authorize: fromThisMachine })
  const server = createServer({
    async authenticate({ token }) {
      // No token: 4001. One that is not good: 4002.
      const identity = token === undefined ? null : await tokens.verify(token)
      if (identity === null || accounts.get(identity.user) !== undefined) return identity
      // A good one of somebody who is not there any more: 4003.
      throw new StaywireError('forbidden', 'There is no such user.')
    },
    observer: operations.observer,
  })
  operations.watch(server)
  return {
    answers: [operations.handler],
    attach: (http) => server.attach(http),
    async tell(user, told, key) {
      await server.user(user).publish(told, { key })
    },
    async close() {
      operations.stop()
      await server.close()
    },
  }
}

/** A gateway, which checks tokens by the same secret: `staywire serve --jwt-secret … --admin-key …`. */
export function gateway(url: string, adminKey: string): Push {
  return {
    answers: [],
    attach: () => {},
    async tell(user, told, key) {
      const answer = await fetch(`${url}/api/v1/users/${encodeURIComponent(user)}/publish`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminKey}`, 'content-type': 'application/json' },
        body: JSON.stringify({ data: told, key }),
      })
      if (!answer.ok) throw new Error(`The gateway answered ${answer.status}.`)
    },
    close: () => Promise.resolve(),
  }
}
