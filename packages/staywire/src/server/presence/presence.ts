// Presence of all channels that have it, as this node knows it: who is in, who watches, who lingers after a drop. Joins and
// leaves of a turn are announced together; it reads no clock and decides nothing about who may watch.

import { encodeFrame } from '../../protocol/codec.ts'
import type { JoinFrame, PresenceMode } from '../../protocol/frame.ts'
import type { MemberEntry, Members } from '../broker/broker.ts'
import { EncodedFrame } from '../hub/encoded-frame.ts'
import type { Sink } from '../hub/sinks.ts'
import { isNews, Roster, type Change, type Snapshot } from './roster.ts'

/** Bounds of presence. */
export interface PresenceLimits {
  /** Most members told one by one; above it counts only. */
  readonly maxMembers: number
  /** How long a dropped member stays. */
  readonly lingerMs: number
}

/** Somebody who asked for presence. */
interface Watcher {
  readonly mode: PresenceMode
  /** The version they know. */
  since: number
}

/** A session that is in by way of this node. */
interface Holder {
  /** Its live connections that are subscribed. */
  connections: number
  lingersUntil: number
}

/** One channel. */
interface Place {
  readonly roster: Roster
  readonly watchers: Map<Sink, Watcher>
  readonly holders: Map<string, Holder>
  /** Resolves when the members on other nodes are in the roster, too. */
  readonly loaded: Promise<void>
}

/** Who is where. */
export class Presence {
  readonly #members: Members
  readonly #limits: PresenceLimits
  readonly #failed: (error: unknown) => void
  readonly #soon: (action: () => void) => void
  readonly #places = new Map<string, Place>()
  readonly #changed = new Set<string>()
  /** In the order of time: all linger equally long. */
  readonly #lingering: { readonly until: number; readonly channel: string; readonly session: string }[] = []
  #version = 0
  #announcing = false
  readonly #nextVersion = (): number => ++this.#version

  /**
   * `soon` runs an action at the end of this turn, once everything that came in with it is done. `failed` is told when the members port
   * refuses; presence goes on with what this node knows.
   */
  constructor(
    members: Members,
    limits: PresenceLimits,
    soon: (action: () => void) => void,
    failed: (error: unknown) => void,
  ) {
    this.#members = members
    this.#limits = limits
    this.#soon = soon
    this.#failed = failed
    members.listen((channel, change, entry) => this.#told(channel, change, entry))
  }

  /** How many channels it keeps something about. */
  get size(): number {
    return this.#places.size
  }

  /** When `tick` has something to do; `Infinity` when nothing. */
  get wakeAt(): number {
    return this.#changed.size > 0 ? 0 : (this.#lingering[0]?.until ?? Infinity)
  }

  /** A connection of a session subscribed. */
  enter(channel: string, entry: MemberEntry): void {
    const place = this.#place(channel)
    const holder = place.holders.get(entry.session)
    if (holder !== undefined) {
      holder.connections++
      return
    }
    place.holders.set(entry.session, { connections: 1, lingersUntil: 0 })
    if (place.roster.join(entry)) this.#mark(channel, place.roster)
    this.#members.put(channel, entry).catch(this.#failed)
  }

  /** A connection of a session unsubscribed or ended. With `lingerFrom` (now) the last one's member stays for a while. */
  leave(channel: string, session: string, lingerFrom?: number): void {
    const place = this.#places.get(channel)
    const holder = place?.holders.get(session)
    if (place === undefined || holder === undefined) return
    if (holder.connections > 0 && --holder.connections > 0) return
    if (lingerFrom === undefined) return this.#remove(channel, place, session)
    holder.lingersUntil = lingerFrom + this.#limits.lingerMs
    this.#lingering.push({ until: holder.lingersUntil, channel, session })
  }

  /** Resolves when everything known anywhere about a channel is known here. */
  load(channel: string): Promise<void> {
    return this.#place(channel).loaded
  }

  /** From now on `sink` gets what changes after the snapshot that is returned. */
  watch(channel: string, sink: Sink, mode: PresenceMode): Snapshot {
    const place = this.#place(channel)
    const snapshot = place.roster.look(this.#limits.maxMembers)
    place.watchers.set(sink, { mode, since: snapshot.version })
    return snapshot
  }

  /** Ends watching. */
  unwatch(channel: string, sink: Sink): void {
    const place = this.#places.get(channel)
    if (place?.watchers.delete(sink) === true) this.#forgetIdle(channel, place)
  }

  /** Who is there now, for whoever asks once. */
  look(channel: string): Snapshot {
    const place = this.#place(channel)
    const snapshot = place.roster.look(this.#limits.maxMembers)
    this.#forgetIdle(channel, place)
    return snapshot
  }

  /** Lets go of who lingered long enough, then announces what changed since the last tick. */
  tick(now: number): void {
    let ended = 0
    for (const { until, channel, session } of this.#lingering) {
      if (until > now) break
      ended++
      const place = this.#places.get(channel)
      const holder = place?.holders.get(session)
      if (place !== undefined && holder?.connections === 0 && holder.lingersUntil <= now)
        this.#remove(channel, place, session)
    }
    if (ended > 0) this.#lingering.splice(0, ended)
    this.#announce(Infinity)
  }

  /** Members that are named are announced at the end of the turn; in a crowd, where only counts are told, ticks are soon enough. */
  #mark(channel: string, roster: Roster): void {
    this.#changed.add(channel)
    if (this.#announcing || roster.memberCount > this.#limits.maxMembers) return
    this.#announcing = true
    this.#soon(() => {
      this.#announcing = false
      this.#announce(this.#limits.maxMembers)
    })
  }

  #remove(channel: string, place: Place, session: string): void {
    place.holders.delete(session)
    if (place.roster.leave(session)) this.#mark(channel, place.roster)
    this.#members.remove(channel, session).catch(this.#failed)
    this.#forgetIdle(channel, place)
  }

  /** What the members port tells: this node's own changes come back, and change nothing then. */
  #told(channel: string, change: 'join' | 'leave', entry: MemberEntry): void {
    const place = this.#places.get(channel)
    if (place === undefined) return
    if (change === 'leave' && place.holders.has(entry.session)) return
    if (change === 'join' ? place.roster.join(entry) : place.roster.leave(entry.session))
      this.#mark(channel, place.roster)
    this.#forgetIdle(channel, place)
  }

  #announce(mostMembers: number): void {
    for (const channel of this.#changed) {
      const place = this.#places.get(channel)
      if (place !== undefined && place.roster.memberCount > mostMembers) continue
      this.#changed.delete(channel)
      if (place === undefined) continue
      const changes = place.roster.takeChanges()
      if (changes.length > 0 && place.watchers.size > 0) this.#tell(channel, place, changes)
      this.#forgetIdle(channel, place)
    }
  }

  /** Each frame is encoded once. Who is told counts only gets one frame for all changes of the tick. */
  #tell(channel: string, { roster, watchers }: Place, changes: readonly Change[]): void {
    const { memberCount } = roster
    const named =
      memberCount > this.#limits.maxMembers
        ? undefined
        : changes.map((change) => encode(channel, change, memberCount, true))
    const count = encode(channel, changes.at(-1) as Change, memberCount, false)
    for (const [sink, watcher] of watchers) {
      const news = changes.filter((change) => isNews(change, watcher.since))
      if (news.length === 0) continue
      if (named === undefined || watcher.mode === 'count') sink.send(count)
      else
        for (const [index, change] of changes.entries())
          if (isNews(change, watcher.since)) sink.send(named[index] as EncodedFrame)
      watcher.since = roster.version
    }
  }

  #place(channel: string): Place {
    let place = this.#places.get(channel)
    if (place === undefined) {
      const roster = new Roster(this.#nextVersion)
      place = { roster, watchers: new Map(), holders: new Map(), loaded: this.#load(channel, roster) }
      this.#places.set(channel, place)
    }
    return place
  }

  async #load(channel: string, roster: Roster): Promise<void> {
    try {
      for (const entry of await this.#members.list(channel)) if (roster.join(entry)) this.#mark(channel, roster)
    } catch (error) {
      this.#failed(error)
    }
  }

  #forgetIdle(channel: string, place: Place): void {
    if (place.roster.idle && place.watchers.size === 0 && place.holders.size === 0) this.#places.delete(channel)
  }
}

function encode(
  channel: string,
  { type, member, versions }: Change,
  memberCount: number,
  named: boolean,
): EncodedFrame {
  const presenceVersion = versions.at(-1) as number
  const frame: JoinFrame = { type, channel, ...(named && { member }), memberCount, presenceVersion }
  return new EncodedFrame(encodeFrame(frame))
}
