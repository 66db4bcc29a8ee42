// One connection's interest in a channel, as far as the connection has to remember it. Deliveries never touch it.

import type { Position } from '../../protocol/position.ts'

/** A subscription that was granted. */
export class Subscription {
  /** Whether the server subscribed the connection: it needs no rule, counts against no limit and keeps nobody from being idle. */
  readonly byServer: boolean
  /** Where live delivery went on when it was last told; `undefined` before that and on ephemeral channels. */
  position: Position | undefined
  /** Whether the client was told of it. */
  told = false
  /** Whether it is a member of the channel's presence. */
  present = false
  /** Whether it is told who comes and goes. */
  watching = false

  constructor(byServer: boolean) {
    this.byServer = byServer
  }
}
