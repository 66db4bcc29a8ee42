// Parts of a client that only some need, loaded before those connect: the log, what keeps publishes on disk, other transports
// than WebSockets. What does not come is done without.

import type { Spare } from '../world.ts'
import type { Making } from './create.ts'
import type { Log } from './debug.ts'
import { readStorage } from './storage.ts'

/** What was loaded, as far as it was. */
export interface Parts {
  readonly log?: Log | undefined
  readonly spare?: Spare | undefined
}

/** Loads what this client needs before it connects, and sets its outbox up. `tab`: the name of the tab, where there is one. */
export async function loadParts(making: Omit<Making, 'parts'>, tab: string | undefined): Promise<Parts> {
  const { debug, outbox } = making.options
  const { transports, recalled } = making.settings
  const logs = debug ?? readStorage('localStorage', 'staywire:debug') === '1'
  const keeper = outbox?.persist ? tab : undefined
  if (!logs && !keeper && (recalled ?? transports[0]) === 'websocket') return {}
  try {
    return (await import('./outfit.ts')).outfit(making, logs, keeper)
  } catch (error) {
    globalThis.console.warn(`[staywire] not loaded: ${String(error)}`)
    return {}
  }
}
