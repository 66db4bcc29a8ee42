// The wall clock, without its steps back: timers are judged by it, and a clock that is set back must not stop them.

/** Milliseconds. */
export interface Clock {
  /** Wall-clock time that never goes back. It runs on during sleep, unlike monotonic clocks. */
  now(): number
  /** The same moment as the wall clock shows it now. */
  wall(time: number): number
}

/** A clock over `read` (default `Date.now`). */
export function createClock(read: () => number = Date.now): Clock {
  let skew = 0
  let last = read()
  return {
    now() {
      const now = read() + skew
      if (now < last) skew += last - now
      last = Math.max(now, last)
      return last
    },
    wall: (time) => time - skew,
  }
}
