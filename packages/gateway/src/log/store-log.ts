// What the store reports about itself, as log lines: damage and unavailability are what an operator has to act on.

import type { Logger } from 'pino'
import type { StoreEvent } from 'staywire/server'
import { LineBudget } from './line-budget.ts'

/** Channels that are forgotten can be many. */
const FORGOTTEN_LINES_PER_SECOND = 5

/** The `report` of a store. `now` is Unix time in milliseconds. */
export function storeLog(logger: Logger, now: () => number): (event: StoreEvent) => void {
  const forgotten = new LineBudget(FORGOTTEN_LINES_PER_SECOND)
  return (event) => {
    const { type, ...facts } = event
    switch (event.type) {
      case 'availability':
        if (event.available) logger.info(facts, 'store available')
        else logger.error(facts, 'store unavailable')
        break
      case 'damaged':
      case 'rolled-back':
      case 'set-aside':
        logger.error(facts, `store ${type}`)
        break
      case 'forgotten': {
        const { allowed, suppressed } = forgotten.take(now())
        if (allowed) logger.warn({ ...facts, ...(suppressed > 0 && { suppressed }) }, 'channel forgotten')
        break
      }
      case 'keys-lost':
        logger.warn(facts, 'keys lost')
        break
    }
  }
}
