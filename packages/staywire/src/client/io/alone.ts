// Gives a tab that shares nothing a connection of its own.

import type { Making } from './create.ts'
import { alone } from '../owner/alone.ts'
import type { HeldOwner } from '../owner/port.ts'
import { createNetwork } from './network.ts'

/** Makes the owner; `why`: where the tab was to share one. */
export function ownConnection({ engine, url, options, settings, parts }: Making, why?: string): HeldOwner {
  const { log, spare = async () => (await import('./spare.ts')).spareOfTab(engine, url, log) } = parts
  return alone(engine, createNetwork(url, options.WebSocket, log, spare), settings, why)
}
