// The one timer of a client, armed for whatever comes first. Not re-armed when that moves away: it fires early and finds out.

import { LONGEST_TIMER_MS } from '../timing.ts'
import type { Timer } from '../world.ts'

/** A timer in the time of `now`. Fires when it was armed for or, where that is further away than a timer reaches, somewhat before. */
export function createTimer(now: () => number, fire: (lateMs: number) => void): Timer {
  let handle: ReturnType<typeof setTimeout> | undefined
  let firesAt = 0
  const stop = (): void => {
    clearTimeout(handle)
    handle = undefined
  }
  return {
    stop,
    arm(wakeAt) {
      if (wakeAt === Infinity) return stop()
      const time = now()
      const at = Math.min(Math.max(wakeAt, time), time + LONGEST_TIMER_MS)
      if (handle !== undefined && firesAt <= at) return
      stop()
      firesAt = at
      handle = setTimeout(() => {
        handle = undefined
        fire(now() - at)
      }, at - time)
    },
  }
}
