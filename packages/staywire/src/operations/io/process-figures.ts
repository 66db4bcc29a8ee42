// Reads what operations want to know of the process: memory, CPU, load, and how late the event loop comes.

import { loadavg, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { ProcessFacts, ProcessFigures } from '../process-view.ts'

const RESOLUTION_MS = 20
const NANOSECONDS = 1e6
const MICROSECONDS = 1e6

/** What the process is. */
export function processFacts(): ProcessFacts {
  const { pid, platform, version } = process
  // 0, or more than there is, where nothing constrains the process.
  const constrained = process.constrainedMemory()
  const memoryLimitBytes = constrained > 0 ? Math.min(constrained, totalmem()) : totalmem()
  return { pid, platform, node: version, startedAt: Math.round(performance.timeOrigin), memoryLimitBytes }
}

/** Looks at the process. */
export class ProcessWatch {
  readonly #delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  #lagMs = { p50: 0, p99: 0, max: 0 }
  #cpuSeconds = cpuSeconds()
  #at = performance.now()
  #cpuShare = 0

  constructor() {
    this.#delay.enable()
  }

  /** Begins a new window for what is measured over time: lag and share of the CPU. */
  turn(): void {
    const { min, max } = this.#delay
    const late = (value: number): number => Math.max(0, value / NANOSECONDS - RESOLUTION_MS)
    this.#lagMs =
      min > max
        ? { p50: 0, p99: 0, max: 0 }
        : { p50: late(this.#delay.percentile(50)), p99: late(this.#delay.percentile(99)), max: late(max) }
    this.#delay.reset()
    const now = performance.now()
    const used = cpuSeconds()
    this.#cpuShare = now > this.#at ? ((used - this.#cpuSeconds) * 1_000) / (now - this.#at) : 0
    this.#cpuSeconds = used
    this.#at = now
  }

  figures(): ProcessFigures {
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
    return {
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      heapTotalBytes: heapTotal,
      externalBytes: external,
      cpuSeconds: cpuSeconds(),
      cpuShare: this.#cpuShare,
      loadAverages: loadavg(),
      lagMs: this.#lagMs,
    }
  }

  stop(): void {
    this.#delay.disable()
  }
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / MICROSECONDS
}
