// Where to look for a key: fingerprints of the keys of the dedupe window, in memory. It may point at a key that is another one, which its
// user finds out; it never misses one. Grows by segments of a fixed size, and lets go of the oldest whole.

/** Where a key may be stored. */
export interface KeyPlace {
  readonly seq: number
  readonly index: number
}

/** The fingerprint of a key: 64 bits in two halves. */
export interface Fingerprint {
  readonly high: number
  readonly low: number
}

/** Keys per segment, and slots, so that half of them stay free. */
const SEGMENT_KEYS = 32_768
const SLOTS = SEGMENT_KEYS * 2

/** A hash table of one stretch of time. Open addressing, no deletion. */
class Segment {
  readonly high = new Uint32Array(SLOTS)
  readonly low = new Uint32Array(SLOTS)
  readonly seq = new Float64Array(SLOTS)
  readonly index = new Uint32Array(SLOTS)
  count = 0
  /** Time of its newest key. */
  newest = 0
  /** Commit of its newest key. */
  lastSeq = 0
}

/** The index of a store's keys. */
export class KeyIndex {
  readonly #mostSegments: number
  readonly #segments: Segment[] = []

  /** `most`: how many keys are remembered; above it the oldest go. */
  constructor(most: number) {
    this.#mostSegments = Math.max(2, Math.ceil(most / SEGMENT_KEYS))
  }

  get count(): number {
    return this.#segments.reduce((count, segment) => count + segment.count, 0)
  }

  /** Adds a key. Answers whether keys had to go whose window, ending at `windowStart` or before, was not over. */
  add({ high, low }: Fingerprint, { seq, index }: KeyPlace, at: number, windowStart: number): boolean {
    let segment = this.#segments.at(-1)
    let lost = false
    if (segment === undefined || segment.count === SEGMENT_KEYS) {
      this.expire(windowStart)
      if (this.#segments.length === this.#mostSegments) {
        this.#segments.shift()
        lost = true
      }
      segment = new Segment()
      this.#segments.push(segment)
    }
    let slot = high & (SLOTS - 1)
    while (segment.seq[slot] !== 0) slot = (slot + 1) & (SLOTS - 1)
    segment.high[slot] = high
    segment.low[slot] = low
    segment.seq[slot] = seq
    segment.index[slot] = index
    segment.count++
    segment.newest = Math.max(segment.newest, at)
    segment.lastSeq = seq
    return lost
  }

  /** The places where a key with this fingerprint may be, newest stretch of time first. */
  find({ high, low }: Fingerprint): KeyPlace[] {
    const places: KeyPlace[] = []
    for (let age = this.#segments.length - 1; age >= 0; age--) {
      const segment = this.#segments[age] as Segment
      for (let slot = high & (SLOTS - 1); segment.seq[slot] !== 0; slot = (slot + 1) & (SLOTS - 1)) {
        if (segment.high[slot] !== high || segment.low[slot] !== low) continue
        places.push({ seq: segment.seq[slot] as number, index: segment.index[slot] as number })
      }
    }
    return places
  }

  /** Lets go of what is wholly older than `windowStart`. Answers the newest commit whose keys are not indexed any more; 0 = none. */
  expire(windowStart: number): number {
    let seq = 0
    while (this.#segments.length > 0 && (this.#segments[0] as Segment).newest <= windowStart) {
      seq = this.#segments.shift()?.lastSeq ?? seq
    }
    return seq
  }
}

/** The fingerprint of `bytes` under a secret seed: two multiply-and-xor hashes side by side. */
export function fingerprintOf(
  seed: number,
  channel: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): Fingerprint {
  let high = seed >>> 0
  let low = ~seed >>> 0
  const mix = (byte: number) => {
    high = Math.imul(high ^ byte, 0x0100_0193)
    low = Math.imul(low ^ (byte + (high >>> 24)), 0x85eb_ca6b)
  }
  for (let index = 0; index < channel.length; index++) mix(channel.charCodeAt(index))
  mix(0)
  for (let index = start; index < end; index++) mix(bytes[index] as number)
  return { high: finish(high ^ (low >>> 5)), low: finish(low) }
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x21f0_aaad)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x735a_2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
