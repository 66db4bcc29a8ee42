// A connection for one tab alone. Shares nothing.

import type { ConnectionSettings } from '../connection/settings.ts'
import type { TabEngine } from '../tab/tab-engine.ts'
import type { Network } from '../world.ts'
import { Line } from './line.ts'
import { Owner } from './owner.ts'

/** Gives a tab an owner of its own; `why`, where it was to share one. */
export function alone(engine: TabEngine, network: Network, settings: ConnectionSettings, why?: string): Owner {
  const owner = new Owner(engine.world, settings)
  owner.sharing = { placement: 'tab', tabs: 1, why }
  owner.tab = engine.tab
  engine.tab.owner = owner
  engine.doers.unshift(new Line(engine, network, owner))
  return owner
}
