// The one timer of a client. Knows one moment; what there is to do then is found out by whoever it wakes.

import { LONGEST_TIMER_MS } from '../timing.ts'
import type { Timer } from '../world.ts'

/** A timer in the time of `now`. Fires when it was armed for or, where that is further away than a timer reaches, somewhat before. */
export function createTimer(now: () => number, fire: (lateMs: number) => void): Timer {
  let handle: ReturnType<typeof setTimeout> | undefined
  let firesAt = Infinity
  const arm = (wakeAt: number): void => {
    if (wakeAt === firesAt) return
    clearTimeout(handle)
    firesAt = wakeAt
    if (wakeAt === Infinity) return
    handle = setTimeout(
      () => {
        firesAt = Infinity
        fire(now() - wakeAt)
      },
      Math.max(0, Math.min(wakeAt - now(), LONGEST_TIMER_MS)),
    )
  }
  return { arm, stop: () => arm(Infinity) }
}
