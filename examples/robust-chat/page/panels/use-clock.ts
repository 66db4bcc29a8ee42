// The time, for what counts down.

import { useEffect, useState } from 'react'

const EVERY_MS = 250

/** Unix milliseconds, renewed four times a second while it is `running`. */
export function useClock(running: boolean): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), EVERY_MS)
    return () => clearInterval(timer)
  }, [running])
  return now
}
