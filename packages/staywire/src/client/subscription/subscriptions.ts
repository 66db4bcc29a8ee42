// The subscriptions of one tab: any number to one channel share one wanted from the owner, each with its own position. Sends
// nothing itself and never asks anew after a reconnect: the owner restates what is wanted.

import type { Publication, SubscribeOptions } from '../api.ts'
import type { Emission } from '../emitter.ts'
import type { ChannelFrame, TabMessage } from '../owner/message.ts'
import { failure } from '../failure.ts'
import type { JoinFrame, PresenceMode, PublicationFrame, SubscribedFrame } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { judge, place } from './cursor.ts'
import type { LocalSubscription } from './local-subscription.ts'
import { changedPresence, toldPresence, type Roster } from './presence.ts'

/** What is to be done: a word to the owner, or an event for the app. */
export type SubscriptionOutput = { readonly type: 'post'; readonly message: TabMessage } | Emission

/** One channel, as wanted from the owner. */
interface Channel {
  readonly name: string
  readonly subscriptions: Set<LocalSubscription>
  presence: PresenceMode | undefined
  roster: Roster | undefined
  /** Whether a `subscribed` is on its way: what is unclear waits for it. */
  asking: boolean
  /** The newest position seen: where a reader without one begins. */
  head: Position | undefined
  /** When the channel is let go, because nobody has read it since. */
  lingersUntil: number
}

/** All channels of a tab. */
export class Subscriptions {
  readonly #channels = new Map<string, Channel>()
  /** Joined a channel that was live already: their outcome is told in the next turn, when the app can be listening. */
  readonly #joined = new Set<LocalSubscription>()
  readonly #lingerMs: number
  #out: SubscriptionOutput[] = []

  constructor(lingerMs: number) {
    this.#lingerMs = lingerMs
  }

  /** Subscriptions held by the app. */
  get size(): number {
    let size = 0
    for (const { subscriptions } of this.#channels.values()) size += subscriptions.size
    return size
  }

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    if (this.#joined.size > 0) return 0
    let wakeAt = Infinity
    for (const { lingersUntil } of this.#channels.values()) wakeAt = Math.min(wakeAt, lingersUntil)
    return wakeAt
  }

  /** The app subscribes. */
  add(subscription: LocalSubscription, { position, presence }: SubscribeOptions): SubscriptionOutput[] {
    const channel = this.#channels.get(subscription.channel) ?? this.#open(subscription.channel, position, presence)
    channel.lingersUntil = Infinity
    channel.subscriptions.add(subscription)
    subscription.presence = channel.roster
    const more = presence !== undefined && channel.presence !== 'members' && channel.presence !== presence
    if (more) channel.presence = presence
    if (!channel.asking) this.#join(channel, subscription, more)
    else if (more) this.#want(channel, undefined)
    return this.#flush()
  }

  /** The app unsubscribes. The channel lingers, so that a quick re-mount costs nothing. */
  remove(subscription: LocalSubscription, now: number): void {
    subscription.state = 'ended'
    this.#joined.delete(subscription)
    const channel = this.#channels.get(subscription.channel)
    if (channel?.subscriptions.delete(subscription) === true && channel.subscriptions.size === 0) channel.lingersUntil = now + this.#lingerMs
  }

  /** Time has come to `wakeAt`. */
  tick(now: number): SubscriptionOutput[] {
    for (const subscription of this.#joined) this.#settle(subscription, 'live', { recovered: 0 })
    this.#joined.clear()
    for (const { name, lingersUntil } of this.#channels.values()) {
      if (lingersUntil > now) continue
      this.#channels.delete(name)
      this.#post({ type: 'unsubscribe', channel: name })
    }
    return this.#flush()
  }

  /** The connection is gone: every reader waits for the next `subscribed`, which the owner asks for. */
  down(): void {
    this.#joined.clear()
    for (const channel of this.#channels.values()) {
      channel.asking = true
      for (const subscription of channel.subscriptions) subscription.state = 'pending'
    }
  }

  /** A frame about a channel; those about channels that nobody reads are ignored. */
  frame(frame: ChannelFrame, from: Position | undefined): SubscriptionOutput[] {
    const channel = this.#channels.get(frame.channel)
    if (channel === undefined) return []
    if (frame.type === 'publication') this.#publication(channel, frame)
    else if (frame.type === 'subscribed') this.#subscribed(channel, frame, from)
    else this.#change(channel, frame)
    return this.#flush()
  }

  /** The server does not give the channel, or no longer. */
  refused(name: string, code: string, message: string): SubscriptionOutput[] {
    const channel = this.#channels.get(name)
    this.#channels.delete(name)
    for (const subscription of channel?.subscriptions ?? []) {
      subscription.state = subscription.state === 'pending' ? 'refused' : 'ended'
      this.#joined.delete(subscription)
      this.#emit(subscription, 'error', failure(code, message))
    }
    return this.#flush()
  }

  /** Nothing will be delivered any more. */
  close(): void {
    for (const { subscriptions } of this.#channels.values()) for (const subscription of subscriptions) subscription.state = 'ended'
    this.#channels.clear()
    this.#joined.clear()
  }

  #open(name: string, position: Position | undefined, presence: PresenceMode | undefined): Channel {
    const channel: Channel = { name, subscriptions: new Set(), presence, roster: undefined, asking: false, head: undefined, lingersUntil: Infinity }
    this.#channels.set(name, channel)
    this.#want(channel, position)
    return channel
  }

  /** A reader comes to a channel that is live: it begins at the head, or asks from its own position. */
  #join(channel: Channel, subscription: LocalSubscription, more: boolean): void {
    const { head } = channel
    const { position } = subscription
    const there = position === undefined || (position.epoch === head?.epoch && position.offset === head.offset)
    if (there) {
      subscription.position = head
      this.#joined.add(subscription)
    }
    if (!there || more) this.#want(channel, position ?? head)
  }

  #want(channel: Channel, position: Position | undefined): void {
    channel.asking = true
    this.#post({ type: 'subscribe', channel: channel.name, position, presence: channel.presence })
  }

  #publication(channel: Channel, frame: PublicationFrame): void {
    const { type: _type, prev: _prev, ...publication } = frame
    const { offset } = frame
    if (offset !== undefined && channel.head !== undefined && offset > channel.head.offset) channel.head = { ...channel.head, offset }
    for (const subscription of channel.subscriptions) {
      if (this.#reaches(subscription, frame)) this.#emit(subscription, 'publication', publication satisfies Publication)
    }
    this.#askLowest(channel)
  }

  /** Whether a reader gets a publication; if so, its position moves on. */
  #reaches(subscription: LocalSubscription, frame: PublicationFrame): boolean {
    const { position } = subscription
    if (frame.offset === undefined) return true
    if (position === undefined) return false
    const where = place(position, frame)
    if (where === 'hole') subscription.state = 'pending'
    else if (where === 'next') subscription.position = { epoch: position.epoch, offset: frame.offset }
    return where === 'next'
  }

  #subscribed(channel: Channel, frame: SubscribedFrame, from: Position | undefined): void {
    channel.asking = false
    channel.head = frame.position
    const roster = toldPresence(frame)
    if (roster !== undefined) this.#show(channel, roster)
    for (const subscription of channel.subscriptions) {
      const judgement = judge(subscription.position, frame, from)
      if (judgement === 'ask again') subscription.state = 'pending'
      else {
        const { outcome, position, recovered, gap } = judgement
        subscription.position = position
        if (gap !== undefined || subscription.state === 'pending') this.#settle(subscription, outcome, gap === undefined ? { recovered } : { recovered, gap })
      }
    }
    this.#askLowest(channel)
  }

  #settle(subscription: LocalSubscription, outcome: string, details: { readonly recovered: number; readonly gap?: unknown }): void {
    subscription.state = 'live'
    this.#joined.delete(subscription)
    this.#emit(subscription, 'outcome', outcome, details)
    if (details.gap !== undefined) this.#emit(subscription, 'gap', details.gap)
  }

  /** Asks from the lowest position of the readers that wait, one at a time: whom that does not help asks from its own. */
  #askLowest(channel: Channel): void {
    if (channel.asking) return
    let lowest: Position | undefined
    for (const subscription of channel.subscriptions) {
      const { state, position } = subscription
      if (this.#joined.has(subscription)) continue
      if (state === 'pending' && position !== undefined && position.offset < (lowest?.offset ?? Infinity)) lowest = position
    }
    if (lowest !== undefined) this.#want(channel, lowest)
  }

  #change(channel: Channel, frame: JoinFrame): void {
    if (channel.roster === undefined) return
    const roster = changedPresence(channel.roster, frame)
    if (roster !== channel.roster) this.#show(channel, roster)
  }

  #show(channel: Channel, roster: Roster): void {
    channel.roster = roster
    for (const subscription of channel.subscriptions) {
      subscription.presence = roster
      this.#emit(subscription, 'presence', roster)
    }
  }

  #emit(to: LocalSubscription, event: string, ...args: unknown[]): void {
    this.#out.push({ type: 'emit', to: to as Emission['to'], event, args })
  }

  #post(message: TabMessage): void {
    this.#out.push({ type: 'post', message })
  }

  #flush(): SubscriptionOutput[] {
    return this.#out.splice(0)
  }
}
