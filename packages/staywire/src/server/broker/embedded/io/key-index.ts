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
const SEGMENT_KEYS = 131_072
const SLOTS = SEGMENT_KEYS * 2
/** Numbers per slot, side by side: both halves of the fingerprint, commit and index. */
const WIDTH = 4

/** A hash table of one stretch of time. Open addressing, no deletion. */
class Segment {
  readonly slots = new Uint32Array(SLOTS * WIDTH)
  /** Commits are counted from here, beginning with 1: 0 marks a free slot. */
  readonly #before: number
  count = 0
  /** Time of its newest key. */
  newest = 0

  constructor(seq: number) {
    this.#before = seq - 1
  }

  add({ high, low }: Fingerprint, { seq, index }: KeyPlace, at: number): void {
    let slot = firstSlot(high)
    while (this.slots[slot + 2] !== 0) slot = nextSlot(slot)
    this.slots[slot] = high
    this.slots[slot + 1] = low
    this.slots[slot + 2] = seq - this.#before
    this.slots[slot + 3] = index
    this.count++
    this.newest = Math.max(this.newest, at)
  }

  find({ high, low }: Fingerprint, places: KeyPlace[]): void {
    for (let slot = firstSlot(high); this.slots[slot + 2] !== 0; slot = nextSlot(slot)) {
      if (this.slots[slot] !== high || this.slots[slot + 1] !== low) continue
      places.push({ seq: this.#before + (this.slots[slot + 2] as number), index: this.slots[slot + 3] as number })
    }
  }
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
      segment = new Segment(seq)
      this.#segments.push(segment)
    }
    segment.add({ high, low }, { seq, index }, at)
    return lost
  }

  /** The places where a key with this fingerprint may be, newest stretch of time first. */
  find(fingerprint: Fingerprint): readonly KeyPlace[] {
    const places: KeyPlace[] = []
    for (let age = this.#segments.length - 1; age >= 0; age--) this.#segments[age]?.find(fingerprint, places)
    return places
  }

  /** Lets go of what is wholly older than `windowStart`. */
  expire(windowStart: number): void {
    while ((this.#segments[0]?.newest ?? Infinity) <= windowStart) this.#segments.shift()
  }
}

function firstSlot(high: number): number {
  return (high & (SLOTS - 1)) * WIDTH
}

function nextSlot(slot: number): number {
  return (slot + WIDTH) & (SLOTS * WIDTH - 1)
}

/** The fingerprint of `bytes` under a secret seed: two multiply-and-xor hashes side by side. */
export function fingerprintOf(
  seed: number,
  channel: string,
  bytes: Uint8Array,
  start: number,
  end: number,
): Fingerprint {
  let high = seed | 0
  let low = ~seed | 0
  for (let index = 0; index < channel.length; index++) {
    high = Math.imul(high ^ channel.charCodeAt(index), 0x0100_0193)
    low = Math.imul(low ^ (high >>> 13), 0x85eb_ca6b)
  }
  for (let index = start; index < end; index++) {
    high = Math.imul(high ^ (bytes[index] as number), 0x0100_0193)
    low = Math.imul(low ^ (high >>> 13), 0x85eb_ca6b)
  }
  return { high: finish(high ^ (low >>> 5)), low: finish(low ^ Math.imul(high, 0x9e37_79b1)) }
}

function finish(value: number): number {
  let mixed = value ^ (value >>> 16)
  mixed = Math.imul(mixed, 0x21f0_aaad)
  mixed ^= mixed >>> 15
  mixed = Math.imul(mixed, 0x735a_2d97)
  return (mixed ^ (mixed >>> 15)) >>> 0
}
