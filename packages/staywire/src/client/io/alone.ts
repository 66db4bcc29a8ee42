// Gives a tab that shares nothing a connection of its own. Loaded only where there is such a tab: the others have theirs elsewhere.

import type { ClientOptions } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import { alone } from '../owner/alone.ts'
import type { Loaded, TabEngine } from '../tab/tab-engine.ts'
import { createNetwork } from './network.ts'

/** Makes the owner. `url` gives the URL to dial; `why`: where the tab was to share one. */
export function ownConnection(
  engine: TabEngine,
  url: () => string,
  options: ClientOptions,
  settings: ConnectionSettings,
  why?: string,
): Loaded {
  return { owner: alone(engine, createNetwork(url, options), settings, why) }
}
