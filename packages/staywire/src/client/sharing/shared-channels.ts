// The channels of one owner and the tabs that want them: who has been told how much. Each tab is told what it lacks and nothing
// twice, so that one that comes from far behind costs the others neither a gap nor a repetition.

import type { ChannelFrame, OwnerPort } from '../owner/port.ts'
import { judge, place } from '../subscription/cursor.ts'
import { nextPresence, type Roster } from '../subscription/presence.ts'
import type { PresenceMode, SubscribedFrame, SubscriptionRequest } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import type { ToTab } from './message.ts'

/** What one tab has of a channel. */
interface Lease {
  /** Up to where it was told everything; `undefined`: begins with the next `subscribed`. */
  at: Position | undefined
  /** Whether its `subscribed` is on its way. */
  asking: boolean
}

interface SharedChannel {
  presence: PresenceMode | undefined
  roster: Roster | undefined
  /** Whether the server has answered on this connection. */
  live: boolean
  /** The newest position told. */
  head: Position | undefined
}

/** The channels of an owner. `Tab` is whoever holds a lease; it is only compared. */
export class SharedChannels<Tab> {
  readonly #owner: Pick<OwnerPort, 'subscribe' | 'unsubscribe'>
  readonly #post: (tab: Tab, message: ToTab) => void
  readonly #channels = new Map<string, SharedChannel & { readonly leases: Map<Tab, Lease> }>()

  constructor(owner: Pick<OwnerPort, 'subscribe' | 'unsubscribe'>, post: (tab: Tab, message: ToTab) => void) {
    this.#owner = owner
    this.#post = post
  }

  /** A tab wants a channel, or more of it. PROTOCOL.md, PORT-7 and PORT-8. */
  subscribe(tab: Tab, name: string, position?: Position, presence?: PresenceMode): void {
    const known = this.#channels.get(name)
    const channel = known ?? {
      presence,
      roster: undefined,
      live: false,
      head: undefined,
      leases: new Map<Tab, Lease>(),
    }
    this.#channels.set(name, channel)
    const lease = channel.leases.get(tab) ?? { at: undefined, asking: true }
    channel.leases.set(tab, lease)
    lease.at = position ?? lease.at
    lease.asking = true
    const more = presence !== undefined && channel.presence !== 'members' && channel.presence !== presence
    if (more) channel.presence = presence
    const { head, live } = channel
    const current = position === undefined || (position.epoch === head?.epoch && position.offset === head.offset)
    if (live && !more && current) this.#join(tab, name, channel, lease)
    // An answer that is on its way serves those who begin with it.
    else if (!known || more || position)
      this.#owner.subscribe(name, lowest(channel.leases.values(), lease.at), channel.presence)
  }

  /** All of them, each from the lowest position that a tab has reached. */
  wanted(): readonly SubscriptionRequest[] {
    return [...this.#channels].map(([channel, { leases, head, presence }]) => {
      const position = lowest(leases.values(), head ?? [...leases.values()].find(({ at }) => at)?.at)
      return { channel, position, presence } as SubscriptionRequest
    })
  }

  /** A tab does not want a channel any more. */
  unsubscribe(tab: Tab, name: string): void {
    const leases = this.#channels.get(name)?.leases
    if (!leases?.delete(tab) || leases.size) return
    this.#channels.delete(name)
    this.#owner.unsubscribe(name)
  }

  /** A tab is gone. */
  gone(tab: Tab): void {
    for (const name of this.#channels.keys()) this.unsubscribe(tab, name)
  }

  /** The connection is gone: every lease waits for the next `subscribed`, which the owner asks for. */
  down(): void {
    for (const channel of this.#channels.values()) {
      channel.live = false
      for (const lease of channel.leases.values()) lease.asking = true
    }
  }

  /** A frame about a channel. */
  frame(frame: ChannelFrame, from: Position | undefined): void {
    const channel = this.#channels.get(frame.channel)
    if (!channel) return
    const { leases, head } = channel
    if (frame.type === 'publication') {
      const { offset } = frame
      if (head && offset && offset > head.offset) channel.head = { epoch: head.epoch, offset }
      for (const [tab, lease] of leases) {
        const where = offset && lease.at ? place(lease.at, frame) : 'next'
        // What lies before a hole is on its way if it was asked for; else the tab must see the hole, to ask.
        if (where === 'known' || (lease.asking && offset && where === 'hole')) continue
        if (where === 'next' && offset && lease.at) lease.at = { epoch: lease.at.epoch, offset }
        this.#post(tab, ['frame', frame])
      }
      return
    }
    channel.roster = nextPresence(channel.roster, frame)
    if (frame.type === 'subscribed') {
      channel.live = true
      channel.head = frame.position
      for (const lease of leases.values()) {
        const judgement = judge(lease.at, frame, from)
        lease.asking = false
        if (judgement) lease.at = judgement.position
      }
    }
    for (const tab of leases.keys()) this.#post(tab, ['frame', frame, from])
  }

  /** The server does not give a channel, or no longer. */
  refused(name: string, code: string, message: string): void {
    for (const tab of this.#channels.get(name)?.leases.keys() ?? []) this.#post(tab, ['refused', name, code, message])
    this.#channels.delete(name)
  }

  /** A tab that lacks nothing needs no server to be told so. */
  #join(tab: Tab, name: string, { head, roster }: SharedChannel, lease: Lease): void {
    const frame = {
      type: 'subscribed',
      channel: name,
      position: head,
      outcome: lease.at ? 'recovered' : 'live',
      ...(roster && { members: roster.names, memberCount: roster.count, presenceVersion: roster.version }),
    } as SubscribedFrame
    lease.at = head
    lease.asking = false
    this.#post(tab, ['frame', frame, head])
  }
}

/** The lowest position that somebody waits from, among those of the same epoch as `wanted`: one answer serves them all. */
function lowest(leases: Iterable<Lease>, wanted: Position | undefined): Position | undefined {
  let low = wanted
  for (const { asking, at } of leases)
    if (asking && at && low && at.epoch === low.epoch && at.offset < low.offset) low = at
  return low
}
