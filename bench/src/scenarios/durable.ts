/** Publishes that are acknowledged once they are on disk, beside one commit for each. In process: the store is what is measured. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from '../process/child.ts'
import type { Scenario } from '../scenario.ts'
import type { Publishing } from '../store/main.ts'

export const durable: Scenario = {
  name: 'durable',
  about:
    'publishes of 200 B on disk, with 1, 100 and 1,000 under way, each acknowledged after its fsync; and the same rows committed one by one',
  figures: [
    { name: 'usPerPublish', heading: 'µs per publish, 1,000 under way', digits: 2 },
    { name: 'perSecond1000', heading: 'publishes/s, 1,000', digits: 0 },
    { name: 'perSecond100', heading: '100', digits: 0 },
    { name: 'perSecond1', heading: '1', digits: 0 },
    { name: 'unbatchedPerSecond', heading: 'one commit each', digits: 0 },
    { name: 'ackP50Ms', heading: 'ack p50 ms, 1,000', digits: 2 },
    { name: 'ackP99Ms', heading: 'ack p99 ms, 1,000', digits: 2 },
    { name: 'ackP99Ms1', heading: 'ack p99 ms, 1', digits: 2 },
    { name: 'loopP99Ms', heading: 'event loop p99 ms, 1,000', digits: 2 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: false,
  servers: ['staywire'],
  async run(_pair, size) {
    const ms = size === 'full' ? 4_000 : 1_500
    const directory = mkdtempSync(join(tmpdir(), 'staywire-bench-'))
    // Not pinned: the store's thread is meant to have a CPU of its own.
    const child = new Child({ name: 'store', file: 'store/main.ts', cpu: undefined })
    try {
      const publish = (inFlight: number): Promise<Publishing> => child.ask('publishing', { directory, inFlight, ms })
      await publish(100)
      const [one, hundred, thousand] = [await publish(1), await publish(100), await publish(1_000)]
      const unbatchedPerSecond = await child.ask<number>('unbatched', { directory, ms })
      return {
        usPerPublish: 1e6 / thousand.perSecond,
        perSecond1000: thousand.perSecond,
        perSecond100: hundred.perSecond,
        perSecond1: one.perSecond,
        unbatchedPerSecond,
        ackP50Ms: thousand.ackP50Ms,
        ackP99Ms: thousand.ackP99Ms,
        ackP99Ms1: one.ackP99Ms,
        loopP99Ms: thousand.loopP99Ms,
      }
    } finally {
      await child.stop()
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
