// The time, for components that count down or up.

import { useCallback, useSyncExternalStore } from 'react'

/** Unix milliseconds in steps of `everyMs`; stands still unless `running`. */
export function useClock(everyMs: number, running = true): number {
  const subscribe = useCallback(
    (changed: () => void) => {
      if (!running) return () => {}
      const timer = setInterval(changed, everyMs)
      return () => clearInterval(timer)
    },
    [everyMs, running],
  )
  return useSyncExternalStore(subscribe, () => Date.now() - (Date.now() % everyMs))
}
