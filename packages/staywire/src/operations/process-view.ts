// What operations need to know of the process they run in. Shapes only; who reads them is in io/.

/** The process now. Sizes in bytes, times in milliseconds unless the name says otherwise. */
export interface ProcessFigures {
  readonly rssBytes: number
  readonly heapUsedBytes: number
  readonly heapTotalBytes: number
  readonly externalBytes: number
  /** User and system time since the start, in seconds. */
  readonly cpuSeconds: number
  /** Share of one CPU since the figures were taken before (1 = one CPU busy all the time). */
  readonly cpuShare: number
  /** Averages of 1, 5 and 15 minutes, as the system tells them. */
  readonly loadAverages: readonly number[]
  /** How much too late the event loop came, in the last ten seconds or so. */
  readonly lagMs: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** What the process is. */
export interface ProcessFacts {
  readonly pid: number
  readonly platform: string
  /** Version of Node. */
  readonly node: string
  /** Unix time in milliseconds. */
  readonly startedAt: number
  /** How much memory it may have: of its container, else of the machine. */
  readonly memoryLimitBytes: number
}
