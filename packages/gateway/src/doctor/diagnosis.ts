// What the doctor says about one thing it looked at. Plain data: the report prints it, `--json` passes it on.

/** `warning`: works, and may bite later. `skipped`: could not be looked at, because of something said before. */
export type Verdict = 'ok' | 'warning' | 'problem' | 'skipped'

/** One thing looked at. */
export interface Diagnosis {
  /** What: `name`, `tls`, `health`, `websocket`, `sse`, `poll`, `origin`, `frame-size`, `buffering`, `idle`. */
  readonly check: string
  readonly verdict: Verdict
  /** What was found, in words. */
  readonly says: string
  /** What to do about it. */
  readonly fix?: string
  /** What was measured, times in milliseconds. */
  readonly figures?: Readonly<Record<string, number>>
}

/** What the doctor is asked to look at. */
export interface Patient {
  /** The path clients connect to, http or https. */
  readonly url: URL
  /** Sent as Origin, as a page of it would. */
  readonly origin: string
  readonly token?: string
  /** How long a connection has to survive without traffic of its own. */
  readonly idleMs: number
  /** Patience with one step. */
  readonly timeoutMs: number
}
