/** What an idle connection holds: a slope between two populations, so that what the process itself takes cancels out. */

import { openFilesLimit } from '../process/machine.ts'
import type { Scenario } from '../scenario.ts'

/** Files a process needs besides its connections. */
const SPARE_FILES = 200

export const idleMemory: Scenario = {
  name: 'memory',
  about:
    'resident memory per idle connection with one subscription: slope from 4,000 to 14,000 connections after garbage collection',
  figures: [
    { name: 'rssBytesPerConnection', heading: 'RSS B per connection', digits: 0 },
    { name: 'heapBytesPerConnection', heading: 'JS heap B per connection', digits: 0 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: true,
  async run(pair, size) {
    const [few, many] = size === 'full' ? [4_000, 14_000] : [2_000, 6_000]
    if (openFilesLimit() < many + SPARE_FILES)
      throw new Error(`${many} connections need ulimit -n ${many + SPARE_FILES} or more`)
    await pair.open(few, 'own')
    const before = await pair.memory()
    await pair.open(many - few, 'own')
    const after = await pair.memory()
    await pair.verify({ deliveries: 0, answers: 0 })
    return {
      rssBytesPerConnection: (after.rss - before.rss) / (many - few),
      heapBytesPerConnection: (after.heap - before.heap) / (many - few),
    }
  },
}
