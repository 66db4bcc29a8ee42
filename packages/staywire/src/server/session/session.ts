// What survives reconnects: whose it is, and how its last connection ended. No subscriptions: the client restates them.

import type { Ending } from './ending.ts'

/** One session. */
export class Session {
  readonly id: string
  readonly secret: string
  readonly user: string
  /** Live connections. More than one only where clients resume without a fence. */
  connections = 0
  /** When it is forgotten, while nobody is connected. */
  expiresAt = Infinity
  /** How its last connection ended, where the server ended it. */
  previous: Ending | undefined

  constructor(id: string, secret: string, user: string) {
    this.id = id
    this.secret = secret
    this.user = user
  }
}
