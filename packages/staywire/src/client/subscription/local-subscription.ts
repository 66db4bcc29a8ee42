// One interest in one channel, as the app holds it. Keeps listeners and a position; all that happens to it is decided by
// `Subscriptions`.

import type { PresenceState, SubscribeOptions, Subscription, SubscriptionEvents } from '../api.ts'
import { Emitter } from '../emitter.ts'
import type { Position } from '../../protocol/position.ts'

/** What `subscribe` returns. */
export class LocalSubscription extends Emitter<SubscriptionEvents<unknown>> implements Subscription {
  readonly channel: string
  readonly unsubscribe: () => void
  state: Subscription['state'] = 'pending'
  position: Position | undefined
  presence: PresenceState | undefined
  readonly label: string | undefined

  constructor(channel: string, { position, label }: SubscribeOptions, unsubscribe: () => void) {
    super()
    this.channel = channel
    this.position = position
    this.label = label
    this.unsubscribe = unsubscribe
  }

  /** Tells the app, unless it has unsubscribed since. */
  override emit(
    event: keyof SubscriptionEvents<unknown>,
    args: readonly unknown[],
    report: (error: unknown) => void,
  ): void {
    if (this.state !== 'ended' || event === 'error') super.emit(event, args, report)
  }
}
