/** The heartbeat of very many: what one look of the clock costs, whoever is due answered. In process, on virtual time. */

import { Child } from '../process/child.ts'
import type { Scenario } from '../scenario.ts'
import type { Sweep } from '../sweep/main.ts'

export const sweep: Scenario = {
  name: 'sweep',
  about:
    'a node with 100,000 connections, each pinged once in 25 s: what one tick of its clock takes (there are ten in a second)',
  figures: [
    { name: 'meanMs', heading: 'CPU ms per tick', digits: 3 },
    { name: 'p99Ms', heading: 'p99 ms', digits: 3 },
    { name: 'mostMs', heading: 'worst ms', digits: 3 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: false,
  servers: ['staywire'],
  async run(_pair, size) {
    const child = new Child({ name: 'sweep', file: 'sweep/main.ts', cpu: undefined })
    try {
      const { meanMs, p99Ms, mostMs } = await child.ask<Sweep>('sweep', {
        connections: 100_000,
        intervals: size === 'full' ? 3 : 1,
      })
      return { meanMs, p99Ms, mostMs }
    } finally {
      await child.stop()
    }
  },
}
