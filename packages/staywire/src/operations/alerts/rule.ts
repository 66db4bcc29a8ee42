// What an alert rule says: a measure made of metrics, the bound it must not pass, and how patient to be. Plain data, so that
// it can stand in a configuration file.

/** How bad it is. */
export type Severity = 'INFO' | 'WARN' | 'ERROR'

/** What is held against the bound. Metrics are named as `GET /metrics` names them; `name{label="value"}` picks one series. */
export type Measure =
  /** The value itself. */
  | { readonly kind: 'value'; readonly metric: string }
  /** By how much it grew per second over the last `overMs`. */
  | { readonly kind: 'rate'; readonly metric: string; readonly overMs: number }
  /** One value as a share of another; with `overMs` what both grew by in that time. Nothing is said while `of` is 0. */
  | { readonly kind: 'ratio'; readonly metric: string; readonly of: string; readonly overMs?: number }
  /** How many milliseconds the value has stood still. */
  | { readonly kind: 'absence'; readonly metric: string }
  /** How far the value is from what was expected, in standard deviations to either side. */
  | { readonly kind: 'anomaly'; readonly metric: string }
  /** In how many minutes the value is expected to reach that of `limit`; nothing is said when that is more than an hour away. */
  | { readonly kind: 'minutes-left'; readonly metric: string; readonly limit: string }

/** One rule. */
export interface AlertRule {
  /** Unique; letters, digits and dashes. */
  readonly name: string
  readonly severity: Severity
  readonly measure: Measure
  /** Fires above this value. A rule has either `above` or `below`. */
  readonly above?: number
  /** Fires below this value. */
  readonly below?: number
  /** Once firing, it ends on the good side of this value only, so that a value on the edge does not flap. Default: the bound. */
  readonly clear?: number
  /** How long the bound must be passed before it fires, and be kept before it ends, in milliseconds. Default 0. */
  readonly forMs?: number
  /** What it means and what to do first, in one or two sentences for the reader of the alert. */
  readonly summary: string
}

/** Whether a value is on the bad side of a rule, for one that is `firing` or not. */
export function isBad({ above, below, clear }: AlertRule, value: number, firing: boolean): boolean {
  if (above !== undefined) return value > (firing ? (clear ?? above) : above)
  return below !== undefined && value < (firing ? (clear ?? below) : below)
}
