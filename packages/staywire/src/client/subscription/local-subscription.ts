// One interest in one channel, as the app holds it. Keeps listeners and a position; all that happens to it is decided by
// `Subscriptions`.

import type { PresenceState, Subscription, SubscriptionEvents } from '../api.ts'
import { Emitter } from '../emitter.ts'
import type { Position } from '../../protocol/position.ts'

/** What `subscribe` returns. */
export class LocalSubscription<Data = unknown> extends Emitter<SubscriptionEvents<Data>> implements Subscription<Data> {
  readonly channel: string
  state: Subscription['state'] = 'pending'
  position: Position | undefined
  presence: PresenceState | undefined
  readonly #end: (subscription: LocalSubscription<Data>) => void

  constructor(channel: string, position: Position | undefined, end: (subscription: LocalSubscription<Data>) => void) {
    super()
    this.channel = channel
    this.position = position
    this.#end = end
  }

  unsubscribe(): void {
    this.#end(this)
  }

  /** Tells the app, unless it has unsubscribed since. */
  override emit(
    event: keyof SubscriptionEvents<Data>,
    args: readonly unknown[],
    report: (error: unknown) => void,
  ): void {
    if (this.state !== 'ended' || event === 'error') super.emit(event, args, report)
  }
}
