// What a connection needs once not all is well, in a page, a worker or Node: loaded apart by those who connect themselves.

import { Upkeep } from '../connection/upkeep.ts'
import { attend } from '../tab/attend.ts'
import type { TabEngine } from '../tab/tab-engine.ts'
import type { Spare } from '../world.ts'
import { Beside } from '../owner/beside.ts'
import type { Log } from './debug.ts'
import { openLater } from './later.ts'
import { listenForHints, onLine } from './page.ts'
import { probe } from './probe.ts'
import { rememberTransport } from './transports.ts'

/** All of it for the owner of many tabs, for the URL that `url` gives. */
export function spareOf(url: () => string, log: Log | undefined): Spare {
  return {
    upkeep: (connection) => new Upkeep(connection, connection.settings.onLine ?? onLine()),
    beside(line) {
      return new Beside(line, this)
    },
    open: (transport, listener) => openLater(() => import('./http-link.ts'), url, transport, listener, log),
    remember: (transport) => rememberTransport(url(), transport),
    probe: () => probe(url),
    listen: listenForHints,
  }
}

/** The same for a tab that is its own owner, which is attended to as well. */
export function spareOfTab(engine: TabEngine, url: () => string, log: Log | undefined): Spare {
  const { upkeep, ...spare } = spareOf(url, log)
  return {
    ...spare,
    upkeep(connection) {
      attend(engine)
      return upkeep(connection)
    },
  }
}
