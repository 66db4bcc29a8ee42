// The subscriptions of one tab: any number to one channel share one wanted from the owner, each with its own position. Does not
// ask anew after a reconnect: the owner asks what is wanted.

import type { SubscribeOptions } from '../api.ts'
import type { Env } from '../env.ts'
import { failure } from '../failure.ts'
import type { ChannelFrame, OwnerPort } from '../owner/port.ts'
import type { PresenceMode, PublicationFrame, SubscribedFrame, SubscriptionRequest } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { judge, place } from './cursor.ts'
import type { LocalSubscription } from './local-subscription.ts'
import { nextPresence, type Roster } from './presence.ts'

/** One channel, as wanted from the owner. */
interface Channel {
  readonly name: string
  readonly subscriptions: Set<LocalSubscription>
  presence: PresenceMode | undefined
  roster?: Roster | undefined
  /** Whether a `subscribed` is on its way: what is unclear waits for it. */
  asking?: boolean
  /** The newest position seen: where a reader without one begins. */
  head?: Position | undefined
}

/** All channels of a tab. */
export class Subscriptions {
  readonly #channels = new Map<string, Channel>()
  readonly #env: Env
  readonly #at: { readonly owner: OwnerPort }
  readonly #lingerMs: number

  constructor(env: Env, at: { readonly owner: OwnerPort }, lingerMs: number) {
    this.#env = env
    this.#at = at
    this.#lingerMs = lingerMs
  }

  /** Subscriptions held by the app. */
  get size(): number {
    return this.all().length
  }

  /** All of them, channel by channel. */
  all(): readonly LocalSubscription[] {
    return [...this.#channels.values()].flatMap(({ subscriptions }) => [...subscriptions])
  }

  /** The app subscribes. */
  add(subscription: LocalSubscription, { position, presence }: SubscribeOptions): void {
    this.#at.owner.need()
    const name = subscription.channel
    const channel: Channel = this.#channels.get(name) ?? { name, subscriptions: new Set(), presence }
    const more = presence && channel.presence !== 'members' && channel.presence !== presence
    this.#env.agenda.delete(channel)
    channel.subscriptions.add(subscription)
    if (more) channel.presence = presence
    if (!this.#channels.has(name)) {
      this.#channels.set(name, channel)
      return this.#want(channel)
    }
    subscription.presence = channel.roster
    const { head, asking } = channel
    if (!position && !asking) {
      subscription.position = head
      this.#settle(subscription, 'live', { recovered: 0 }, true)
    }
    if (more || (position && !asking)) this.#want(channel)
  }

  /** The app unsubscribes. The channel lingers, so that a quick re-mount costs nothing. */
  remove(subscription: LocalSubscription): void {
    const channel = this.#channels.get(subscription.channel)
    if (!channel?.subscriptions.delete(subscription)) return
    const { agenda, now } = this.#env
    subscription.state = 'ended'
    if (channel.subscriptions.size) return
    agenda.set(channel, now + this.#lingerMs, () => {
      this.#channels.delete(channel.name)
      this.#at.owner.unsubscribe(channel.name)
    })
  }

  /** What is wanted of the owner. */
  wanted(): readonly SubscriptionRequest[] {
    return [...this.#channels.values()].map(({ name, subscriptions, presence }) => {
      return { channel: name, position: lowest(subscriptions), presence } as SubscriptionRequest
    })
  }

  /** The connection is gone: every reader waits for the next `subscribed`, which the owner asks for. */
  down(): void {
    for (const channel of this.#channels.values()) {
      channel.asking = true
      for (const subscription of channel.subscriptions) subscription.state = 'pending'
    }
  }

  /** A frame about a channel; those about channels that nobody reads are ignored. */
  frame(frame: ChannelFrame, from?: Position): void {
    const channel = this.#channels.get(frame.channel)
    if (!channel) return
    if (frame.type === 'publication') return this.#publication(channel, frame)
    const roster = nextPresence(channel.roster, frame)
    if (roster !== channel.roster) this.#show(channel, roster)
    if (frame.type === 'subscribed') this.#subscribed(channel, frame, from)
  }

  /** The server does not give the channel, or no longer. */
  refused(name: string, code: string, message: string): void {
    for (const subscription of this.#channels.get(name)?.subscriptions ?? []) {
      subscription.state = subscription.state === 'pending' ? 'refused' : 'ended'
      this.#emit(subscription, 'error', [failure({ code, message })])
    }
    this.#channels.delete(name)
  }

  /** Nothing will be delivered any more. */
  close(): void {
    for (const { subscriptions } of this.#channels.values())
      for (const subscription of subscriptions) subscription.state = 'ended'
    this.#channels.clear()
  }

  #want(channel: Channel, position = lowest(channel.subscriptions)): void {
    channel.asking = true
    this.#at.owner.subscribe(channel.name, position, channel.presence)
  }

  #publication(channel: Channel, frame: PublicationFrame): void {
    const { type: _type, prev: _prev, ...publication } = frame
    const { offset } = frame
    if (channel.head && offset && offset > channel.head.offset) channel.head = { ...channel.head, offset }
    for (const subscription of channel.subscriptions) {
      const { position } = subscription
      const where = !offset ? 'next' : position && place(position, frame)
      if (where === 'hole') subscription.state = 'pending'
      if (where !== 'next') continue
      if (offset && position) subscription.position = { epoch: position.epoch, offset }
      this.#emit(subscription, 'publication', [publication])
    }
    this.#askLowest(channel)
  }

  #subscribed(channel: Channel, frame: SubscribedFrame, from: Position | undefined): void {
    channel.asking = false
    channel.head = frame.position
    for (const subscription of channel.subscriptions) {
      const judgement = judge(subscription.position, frame, from)
      if (!judgement) {
        subscription.state = 'pending'
        continue
      }
      const { outcome, position, ...details } = judgement
      subscription.position = position
      if (details.gap || subscription.state === 'pending') this.#settle(subscription, outcome, details)
    }
    this.#askLowest(channel)
  }

  #settle(
    subscription: LocalSubscription,
    outcome: string,
    details: { readonly recovered: number; readonly gap?: unknown },
    later?: boolean,
  ): void {
    subscription.state = 'live'
    this.#emit(subscription, 'outcome', [outcome, details], later)
    if (details.gap) this.#emit(subscription, 'gap', [details.gap])
  }

  /** Asks from the lowest position of the readers that wait, one at a time: whom that does not help asks from its own. */
  #askLowest(channel: Channel): void {
    const position = lowest([...channel.subscriptions].filter(({ state }) => state === 'pending'))
    if (position && !channel.asking) this.#want(channel, position)
  }

  #show(channel: Channel, roster: Roster | undefined): void {
    channel.roster = roster
    for (const subscription of channel.subscriptions) {
      subscription.presence = roster
      this.#emit(subscription, 'presence', [roster])
    }
  }

  #emit(to: LocalSubscription, event: string, args: readonly unknown[], later = false): void {
    this.#env.out.push(['emit', to, event, args, later])
  }
}

/** The lowest position of these readers: an answer from there serves all of them. */
function lowest(readers: Iterable<LocalSubscription>): Position | undefined {
  const positions = [...readers].flatMap(({ position }) => position ?? [])
  return positions.sort((a, b) => a.offset - b.offset)[0]
}
