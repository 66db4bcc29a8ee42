// How many publications channels get in a second: looks at what the server counts anyway, every ten seconds. Remembers one look.

/** A channel, and how many publications it has had so far; fewer than before where it was forgotten meanwhile. */
interface Counted {
  readonly channel: string
  readonly publications?: number
}

const EVERY_MS = 10_000
/** Channels that are looked at; more than these have no rate. */
const MOST = 10_000

/** Rates of channels. */
export class ChannelRates {
  readonly #most: number
  #seen = new Map<string, number>()
  #rates = new Map<string, number>()
  /** Whether the last look saw everything: only then is a channel that it did not see new. */
  #complete = false
  #lookedAt = -Infinity

  /** `most`: channels that are looked at. */
  constructor(most = MOST) {
    this.#most = most
  }

  /** Whether it is time to look. */
  due(now: number): boolean {
    return now - this.#lookedAt >= EVERY_MS
  }

  /** Looks. */
  look(channels: readonly Counted[], now: number): void {
    const passedMs = now - this.#lookedAt
    const seen = new Map<string, number>()
    const rates = new Map<string, number>()
    for (const { channel, publications = 0 } of channels.slice(0, this.#most)) {
      seen.set(channel, publications)
      const since = this.#since(channel, publications)
      if (since > 0) rates.set(channel, (since * 1_000) / passedMs)
    }
    this.#complete = channels.length <= this.#most
    this.#seen = seen
    this.#rates = rates
    this.#lookedAt = now
  }

  /** Publications per second between the last two looks; 0 before there are two. */
  of(channel: string): number {
    return this.#rates.get(channel) ?? 0
  }

  #since(channel: string, publications: number): number {
    const before = this.#seen.get(channel)
    if (before === undefined) return this.#complete ? publications : 0
    return publications < before ? publications : publications - before
  }
}
