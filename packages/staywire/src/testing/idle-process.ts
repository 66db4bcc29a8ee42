// A process that does nothing, for tests of what is made of its figures.

import type { ProcessFacts, ProcessFigures } from '../operations/process-view.ts'

/** Its facts and figures. */
export function idleProcess(): { readonly facts: ProcessFacts; figures(): ProcessFigures } {
  const figures: ProcessFigures = {
    rssBytes: 0,
    heapUsedBytes: 0,
    heapTotalBytes: 0,
    externalBytes: 0,
    cpuSeconds: 0,
    cpuShare: 0,
    loadAverages: [0, 0, 0],
    lagMs: { p50: 0, p99: 0, max: 0 },
  }
  return {
    facts: { pid: 1, platform: 'test', node: 'v0.0.0', memoryLimitBytes: 2 ** 30, startedAt: 0 },
    figures: () => figures,
  }
}
