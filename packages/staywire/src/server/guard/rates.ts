// How much a connection and its user may send: frames and bytes a second, saved up for a burst. It judges each frame; what is done
// about one too many is the connection's.

import type { LimitedBy } from './limited.ts'
import { costMs, newMeter, take, type Meter } from './rate.ts'

/** The limits, as they are called in the options; 0 = none. */
export interface RateLimits {
  readonly framesPerSecond: number
  readonly bytesPerSecond: number
  readonly userFramesPerSecond: number
  readonly userBytesPerSecond: number
  readonly burstMs: number
}

/** Who sends. */
export interface Sender {
  /** Empty while it is not known. */
  readonly user: string
  /** Its own meter, made with its first frame. */
  meter: Meter | undefined
}

/** Which rate was exceeded, and in how many milliseconds it will not be any more. */
export interface Excess {
  readonly limit: LimitedBy
  readonly byMs: number
}

/** The rates of a node. */
export class Rates {
  readonly #burstMs: number
  readonly #frame: number
  readonly #byte: number
  readonly #userFrame: number
  readonly #userByte: number
  /** Of users whose meters are not earned back yet. */
  readonly #users = new Map<string, Meter>()

  constructor(limits: RateLimits) {
    this.#burstMs = limits.burstMs
    this.#frame = costMs(limits.framesPerSecond)
    this.#byte = costMs(limits.bytesPerSecond)
    this.#userFrame = costMs(limits.userFramesPerSecond)
    this.#userByte = costMs(limits.userBytesPerSecond)
  }

  /** Users that are remembered. */
  get users(): number {
    return this.#users.size
  }

  /** Counts a frame of so many bytes; answers the excess, if it is one too many. It is counted all the same. */
  spend(sender: Sender, bytes: number, now: number): Excess | undefined {
    const own = (sender.meter ??= newMeter())
    own.framesEarnedAt = take(own.framesEarnedAt, this.#frame, now)
    own.bytesEarnedAt = take(own.bytesEarnedAt, this.#byte * bytes, now)
    const excess =
      this.#excess('framesPerSecond', own.framesEarnedAt, now) ?? this.#excess('bytesPerSecond', own.bytesEarnedAt, now)
    if ((this.#userFrame === 0 && this.#userByte === 0) || sender.user === '') return excess
    const meter = this.#meterOf(sender.user)
    meter.framesEarnedAt = take(meter.framesEarnedAt, this.#userFrame, now)
    meter.bytesEarnedAt = take(meter.bytesEarnedAt, this.#userByte * bytes, now)
    return (
      excess ??
      this.#excess('userFramesPerSecond', meter.framesEarnedAt, now) ??
      this.#excess('userBytesPerSecond', meter.bytesEarnedAt, now)
    )
  }

  /** Forgets users who have earned back all that they took. */
  expire(now: number): void {
    for (const [user, { framesEarnedAt, bytesEarnedAt }] of this.#users)
      if (framesEarnedAt <= now && bytesEarnedAt <= now) this.#users.delete(user)
  }

  #excess(limit: LimitedBy, earnedAt: number, now: number): Excess | undefined {
    const byMs = earnedAt - now - this.#burstMs
    return byMs > 0 ? { limit, byMs } : undefined
  }

  #meterOf(user: string): Meter {
    let meter = this.#users.get(user)
    if (meter === undefined) this.#users.set(user, (meter = newMeter()))
    return meter
  }
}
