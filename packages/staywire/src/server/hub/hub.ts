// Which connections of this node are subscribed to which channels, and the way of a publication to them: encoded once,
// handed to each. Decides nothing about who may subscribe, and keeps no publications.

import { encodePublication, type StoredPublication } from '../../protocol/codec.ts'
import { EncodedFrame } from './encoded-frame.ts'
import { Gathering, joined, type BatchRule } from './gathering.ts'
import { Sinks, type Sink } from './sinks.ts'

/** Which channels gather publications, and how time passes for them. */
export interface Batching {
  of(channel: string): BatchRule | undefined
  after(ms: number, action: () => void): void
}

/** Nothing is gathered. */
const UNBATCHED: Batching = { of: () => undefined, after: () => undefined }

/** What became of `Hub.join`: `again` = too much was published meanwhile, read history once more; `left` = nobody waits any more. */
export type Joined = 'joined' | 'again' | 'left'

/** A channel as others may see it. */
export interface ChannelInfo {
  readonly channel: string
  /** How many connections are subscribed to it here. */
  readonly subscribers: number
  /** How many publications it has had since the first of them came. */
  readonly publications: number
}

/** The subscribers of one channel. */
interface Channel {
  readonly name: string
  /** How many publications it has had since it has subscribers. */
  publications: number
  readonly live: Sinks
  /** What is gathered for the live ones, where the channel's rule says so. */
  readonly gathering: Gathering | undefined
  /** Subscribers that are not known to be level with delivery yet. */
  joining: Map<Sink, Joining> | undefined
}

/** A subscription between `begin` and the first live publication after `join`. */
interface Joining {
  /** What was delivered while history was being read. */
  waiting: StoredPublication[]
  overflowed: boolean
  /** Set by `join`: everything up to this offset is already on its way. */
  upTo: number | undefined
}

/** Most publications that wait while history is being read; more starts the reading again. */
const MAX_WAITING = 1_000

/** The fan-out of one node. */
export class Hub {
  readonly #batching: Batching
  readonly #channels = new Map<string, Channel>()
  #subscriptions = 0
  #deliveries = 0

  constructor(batching: Batching = UNBATCHED) {
    this.#batching = batching
  }

  /** How many subscriptions there are. */
  get subscriptions(): number {
    return this.#subscriptions
  }

  /** How many publications were handed to connections, live. */
  get deliveries(): number {
    return this.#deliveries
  }

  /** How many channels have subscribers. */
  get size(): number {
    return this.#channels.size
  }

  /** Channels with subscribers. */
  *channels(): Generator<ChannelInfo> {
    for (const { name, live, joining, publications } of this.#channels.values())
      yield { channel: name, subscribers: live.size + (joining?.size ?? 0), publications }
  }

  /** Subscribers of a channel, in no particular order. */
  *sinks(channel: string): Generator<Sink> {
    const entry = this.#channels.get(channel)
    if (entry === undefined) return
    yield* entry.live.all
    if (entry.joining !== undefined) yield* entry.joining.keys()
  }

  /**
   * Begins a subscription: from now on nothing of the channel is missed, but everything waits until `join`. Beginning again while
   * subscribed takes the sink out of live delivery first: the channel goes on at the position that `join` tells.
   */
  begin(channel: string, sink: Sink): void {
    const entry = this.#entry(channel)
    this.#flush(entry)
    if (!entry.live.delete(sink) && entry.joining?.has(sink) !== true) this.#subscriptions++
    entry.joining ??= new Map()
    entry.joining.set(sink, { waiting: [], overflowed: false, upTo: undefined })
  }

  /**
   * Completes a subscription whose history has been read up to offset `upTo` (0 for an ephemeral channel): what waited beyond it is
   * sent now, in order, and what is delivered at or below it later (a log can be read faster than it fans out) is left out.
   */
  join(channel: string, sink: Sink, upTo: number): Joined {
    const entry = this.#channels.get(channel)
    const joining = entry?.joining?.get(sink)
    if (entry === undefined || joining === undefined) return 'left'
    if (joining.overflowed) {
      this.begin(channel, sink)
      return 'again'
    }
    joining.upTo = upTo
    const { waiting } = joining
    joining.waiting = []
    for (const publication of waiting) if (isAfter(publication, upTo)) this.#send(sink, encode(channel, publication))
    const last = waiting.at(-1)
    if (upTo === 0 || (last !== undefined && isAfter(last, upTo))) this.#makeLive(entry, sink)
    return 'joined'
  }

  /** Ends a subscription; answers whether there was one. */
  leave(channel: string, sink: Sink): boolean {
    const entry = this.#channels.get(channel)
    if (entry === undefined) return false
    this.#flush(entry)
    if (!entry.live.delete(sink) && entry.joining?.delete(sink) !== true) return false
    this.#subscriptions--
    if (entry.joining?.size === 0) entry.joining = undefined
    if (entry.live.size === 0 && entry.joining === undefined) this.#channels.delete(channel)
    return true
  }

  /** Hands a publication to every subscriber of its channel. The hot path: no closure, no promise, no object per subscriber. */
  deliver(channel: string, publication: StoredPublication): void {
    const entry = this.#channels.get(channel)
    if (entry === undefined) return
    entry.publications++
    const frame = encode(channel, publication)
    const { gathering } = entry
    // Who is not level yet would have to be told from who is, in every message: while somebody joins nothing is gathered.
    if (gathering !== undefined && entry.joining === undefined) return this.#gather(entry, gathering, frame)
    entry.live.send(frame)
    this.#deliveries += entry.live.size
    if (entry.joining !== undefined) this.#deliverJoining(entry, entry.joining, publication, frame)
  }

  #gather(entry: Channel, gathering: Gathering, frame: EncodedFrame): void {
    if (gathering.add(frame)) return this.#flush(entry)
    if (gathering.size > 1) return
    const { round } = gathering
    this.#batching.after(gathering.rule.maxDelayMs, () => {
      if (gathering.round === round) this.#flush(entry)
    })
  }

  /** Sends what was gathered to those who are live: always before others are. */
  #flush({ gathering, live }: Channel): void {
    if (gathering === undefined || gathering.size === 0) return
    const frames = gathering.take()
    const message = joined(frames)
    for (const sink of live.all)
      if (sink.batches === true) sink.send(message)
      else for (const frame of frames) sink.send(frame)
    this.#deliveries += live.size * frames.length
  }

  #deliverJoining(
    entry: Channel,
    joining: Map<Sink, Joining>,
    publication: StoredPublication,
    frame: EncodedFrame,
  ): void {
    for (const [sink, state] of joining) {
      if (state.upTo === undefined) wait(state, publication)
      else if (isAfter(publication, state.upTo)) {
        this.#makeLive(entry, sink)
        this.#send(sink, frame)
      }
    }
  }

  #send(sink: Sink, frame: EncodedFrame): void {
    sink.send(frame)
    this.#deliveries++
  }

  #makeLive(entry: Channel, sink: Sink): void {
    entry.joining?.delete(sink)
    if (entry.joining?.size === 0) entry.joining = undefined
    entry.live.add(sink)
  }

  #entry(channel: string): Channel {
    let entry = this.#channels.get(channel)
    if (entry === undefined) {
      const rule = this.#batching.of(channel)
      const gathering = rule && new Gathering(rule)
      entry = { name: channel, publications: 0, live: new Sinks(), gathering, joining: undefined }
      this.#channels.set(channel, entry)
    }
    return entry
  }
}

function wait(state: Joining, publication: StoredPublication): void {
  if (state.waiting.length >= MAX_WAITING) {
    state.waiting = []
    state.overflowed = true
  }
  if (!state.overflowed) state.waiting.push(publication)
}

/** Publications of ephemeral channels (offset 0) have no order to keep. */
function isAfter(publication: StoredPublication, offset: number): boolean {
  return publication.offset === 0 || publication.offset > offset
}

function encode(channel: string, publication: StoredPublication): EncodedFrame {
  return new EncodedFrame(encodePublication(channel, publication), publication.offset === 0)
}
