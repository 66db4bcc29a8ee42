// How far an event stream has got, as the `id` of its events: a browser that comes back says it in `Last-Event-ID`. It reads the
// frames that pass and changes none.

import type { SubscribedFrame } from '../../protocol/frame.ts'
import { formatPosition, parsePosition, type Position } from '../../protocol/position.ts'

/** The head of a publication with an offset, as the codec writes it. */
const PUBLICATION = /^\{"type":"publication","channel":"([^"]+)",(?:"prev":\d+,)?"offset":(\d+)/
const SUBSCRIBED = '{"type":"subscribed"'

/** The positions of one stream's channels. PROTOCOL.md, SSE-8. */
export class LastEventId {
  readonly #positions: Map<string, Position | undefined>

  /** `positions` are those that the stream begins at, in the order of `channels`. */
  constructor(channels: readonly string[], positions: readonly (Position | undefined)[]) {
    this.#positions = new Map(channels.map((channel, index) => [channel, positions[index]]))
  }

  /** The id that the event of this frame must carry; `undefined` where nothing moved on. */
  after(text: string): string | undefined {
    const moved = text.startsWith(SUBSCRIBED)
      ? this.#subscribed(JSON.parse(text) as SubscribedFrame)
      : this.#published(PUBLICATION.exec(text))
    return moved ? this.#text() : undefined
  }

  #subscribed({ channel, position, recovering = 0 }: SubscribedFrame): boolean {
    if (!this.#positions.has(channel) || position === undefined) return false
    // What is still to be recovered is not there yet.
    this.#positions.set(channel, { ...position, offset: position.offset - recovering })
    return true
  }

  #published(head: RegExpExecArray | null): boolean {
    const [, channel = '', offset] = head ?? []
    const position = this.#positions.get(channel)
    if (position === undefined) return false
    this.#positions.set(channel, { ...position, offset: Number(offset) })
    return true
  }

  #text(): string {
    return Array.from(this.#positions.values(), (position) => (position ? formatPosition(position) : '')).join(',')
  }
}

/** Reads a `Last-Event-ID`: a position per channel, in their order; what cannot be read is none. */
export function readLastEventId(text: string): (Position | undefined)[] {
  return text.split(',').map((part) => parsePosition(part.trim()))
}
