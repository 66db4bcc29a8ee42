// Alerts: judges the rules at every evaluation and tells what began and what ended. Sends nothing itself; who sends gets the
// changes. Knows the time only from its caller.
import { StaywireError } from '../../protocol/error-code.ts'
import { Measuring, type ReadMetric } from './measuring.ts'
import { type AlertRule, isBad, type Severity } from './rule.ts'

/** An alert that fires, or did. */
export interface Alert {
  /** The name of the rule. */
  readonly rule: string
  readonly severity: Severity
  readonly summary: string
  /** When the bound was first passed, Unix time in milliseconds. */
  readonly since: number
  /** The value that was judged last. */
  readonly value: number
  /** The bound. */
  readonly bound: number
  /** When it ended, Unix time in milliseconds. */
  readonly endedAt?: number
  /** Whether somebody asked for quiet: it is listed, and told to nobody. */
  readonly silenced: boolean
}

/** What an evaluation changed. */
export interface AlertChange {
  readonly type: 'began' | 'ended'
  readonly alert: Alert
}

/** Past alerts kept. */
const PAST = 200

interface Watch {
  readonly rule: AlertRule
  readonly measuring: Measuring
  /** Since when the value has been on the other side than the state says. */
  turnedAt?: number | undefined
  since: number
  value: number
  firing: boolean
}

/** All rules of one server. */
export class Alerts {
  readonly #watches: Watch[]
  readonly #silences = new Map<string, number>()
  readonly #past: Alert[] = []
  #now = 0

  /** @throws StaywireError `bad-option` for two rules of one name, or one without exactly one bound. */
  constructor(rules: readonly AlertRule[]) {
    const names = new Set(rules.map(({ name }) => name))
    if (names.size < rules.length) throw new StaywireError('bad-option', 'Two alert rules have the same name.')
    for (const { name, above, below } of rules) {
      if ((above === undefined) === (below === undefined)) {
        throw new StaywireError('bad-option', `The alert rule "${name}" needs either "above" or "below".`)
      }
    }
    this.#watches = rules.map((rule) => ({
      rule,
      measuring: new Measuring(rule.measure),
      since: 0,
      value: 0,
      firing: false,
    }))
  }

  /** Judges all rules. Silenced ones change too, and are not told. */
  evaluate(read: ReadMetric, now: number): AlertChange[] {
    this.#now = now
    return this.#watches.flatMap((watch) => {
      const value = watch.measuring.take(read, now)
      if (value === undefined) return []
      watch.value = value
      const change = this.#turn(watch, isBad(watch.rule, value, watch.firing))
      return change && !change.alert.silenced ? [change] : []
    })
  }

  /** Alerts that fire now, the worst first. */
  get active(): Alert[] {
    const firing = this.#watches.filter((watch) => watch.firing).map((watch) => this.#alert(watch))
    const rank: Record<Severity, number> = { ERROR: 0, WARN: 1, INFO: 2 }
    return firing.toSorted((a, b) => rank[a.severity] - rank[b.severity] || a.since - b.since)
  }

  /** Alerts that ended, the latest first; at most 200. */
  get past(): readonly Alert[] {
    return this.#past
  }

  get rules(): readonly AlertRule[] {
    return this.#watches.map(({ rule }) => rule)
  }

  /**
   * Keeps a rule quiet until a time (Unix, in milliseconds); a time that has passed ends the quiet.
   * @returns whether there is such a rule
   */
  silence(rule: string, until: number): boolean {
    if (!this.#watches.some((watch) => watch.rule.name === rule)) return false
    this.#silences.set(rule, until)
    return true
  }

  #turn(watch: Watch, bad: boolean): AlertChange | undefined {
    if (bad === watch.firing) {
      watch.turnedAt = undefined
      return undefined
    }
    watch.turnedAt ??= this.#now
    if (this.#now - watch.turnedAt < (watch.rule.forMs ?? 0)) return undefined
    if (bad) watch.since = watch.turnedAt
    watch.turnedAt = undefined
    watch.firing = bad
    if (bad) return { type: 'began', alert: this.#alert(watch) }
    const alert = { ...this.#alert(watch), endedAt: this.#now }
    this.#past.unshift(alert)
    this.#past.length = Math.min(this.#past.length, PAST)
    return { type: 'ended', alert }
  }

  #alert({ rule, since, value }: Watch): Alert {
    const { name, severity, summary, above, below = 0 } = rule
    const silenced = (this.#silences.get(name) ?? 0) > this.#now
    return { rule: name, severity, summary, since, value, bound: above ?? below, silenced }
  }
}
