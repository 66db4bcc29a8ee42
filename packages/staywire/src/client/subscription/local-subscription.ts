// One interest in one channel, as the app holds it. Keeps listeners and a position; all that happens to it is decided by
// `Subscriptions`.

import type { PresenceState, Publication, Subscription, SubscriptionEvents } from '../api.ts'
import { Emitter } from '../emitter.ts'
import type { Position } from '../../protocol/position.ts'

/** What `subscribe` returns. */
export class LocalSubscription<Data = unknown> implements Subscription<Data> {
  readonly channel: string
  state: Subscription['state'] = 'pending'
  position: Position | undefined
  presence: PresenceState | undefined
  readonly #events = new Emitter<SubscriptionEvents<Data>>()
  readonly #ended: (subscription: LocalSubscription<Data>) => void

  constructor(channel: string, position: Position | undefined, ended: (subscription: LocalSubscription<Data>) => void, onPublication?: (publication: Publication<Data>) => void) {
    this.channel = channel
    this.position = position
    this.#ended = ended
    if (onPublication !== undefined) this.on('publication', onPublication)
  }

  on<Name extends keyof SubscriptionEvents<Data>>(event: Name, listener: SubscriptionEvents<Data>[Name]): () => void {
    return this.#events.on(event, listener)
  }

  unsubscribe(): void {
    if (this.state === 'pending' || this.state === 'live') this.#ended(this)
  }

  /** Tells the app, unless it has unsubscribed since. */
  emit(event: keyof SubscriptionEvents<Data>, args: readonly unknown[], report: (error: unknown) => void): void {
    if (this.state !== 'ended' || event === 'error') this.#events.emit(event, args, report)
  }
}
