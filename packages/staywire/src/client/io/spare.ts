// What a connection needs once not all is well, in a page, a worker or Node: loaded apart by those who connect themselves.

import { Upkeep } from '../connection/upkeep.ts'
import type { Spare } from '../world.ts'
import { listenForHints } from './page.ts'
import { probe } from './probe.ts'

/** All of it, for the URL that `url` gives. */
export function spareOf(url: () => string): Spare {
  return { upkeep: (connection) => new Upkeep(connection), probe: () => probe(url), listen: listenForHints }
}
