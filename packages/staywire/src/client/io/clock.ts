// The wall clock, without its steps back: timers are judged by it, and a clock that is set back must not stop them.

/** A wall clock in milliseconds that never goes back. It runs on during sleep, unlike monotonic clocks. */
export function createClock(read: () => number = Date.now): () => number {
  let skew = 0
  let last = 0
  return () => {
    const now = read() + skew
    skew += Math.max(0, last - now)
    last = Math.max(last, now)
    return last
  }
}
