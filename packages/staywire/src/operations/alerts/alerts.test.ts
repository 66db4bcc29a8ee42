import { describe, expect, it } from 'vitest'
import { type AlertChange, Alerts } from './alerts.ts'
import type { AlertRule } from './rule.ts'

const MINUTE = 60_000

const rule = (over: Partial<AlertRule> = {}): AlertRule => ({
  name: 'too-many',
  severity: 'WARN',
  measure: { kind: 'value', metric: 'connections' },
  above: 90,
  summary: 'Too many.',
  ...over,
})

/** Evaluates once a minute with each of the values; answers what was told, by minute. */
function told(alerts: Alerts, values: readonly (number | undefined)[], metric = 'connections'): Record<number, string> {
  const changes: Record<number, string> = {}
  for (const [minute, value] of values.entries()) {
    const [change] = alerts.evaluate((name) => (name === metric ? value : undefined), minute * MINUTE)
    if (change) changes[minute] = change.type
  }
  return changes
}

describe('Alerts', () => {
  it('tells when a bound is passed and when it is kept again, once each', () => {
    expect(told(new Alerts([rule()]), [90, 91, 95, 91, 90, 10])).toEqual({ 1: 'began', 4: 'ended' })
    const { above: _, ...unbound } = rule()
    expect(told(new Alerts([{ ...unbound, below: 5 }]), [9, 4, 4, 5])).toEqual({ 1: 'began', 3: 'ended' })
  })

  it('waits for as long as the rule says, both ways', () => {
    const alerts = new Alerts([rule({ forMs: 2 * MINUTE })])
    expect(told(alerts, [91, 91, 80, 91, 91, 91, 80, 91, 80, 80, 80])).toEqual({ 5: 'began', 10: 'ended' })
    expect(alerts.past).toMatchObject([
      { rule: 'too-many', since: 3 * MINUTE, endedAt: 10 * MINUTE, value: 80, bound: 90 },
    ])
  })

  it('does not flap on the edge of a rule that clears elsewhere', () => {
    expect(told(new Alerts([rule({ clear: 70 })]), [91, 89, 91, 71, 70])).toEqual({ 0: 'began', 4: 'ended' })
  })

  it('says nothing about a metric that is not there, and changes nothing when it goes', () => {
    expect(told(new Alerts([rule()]), [undefined, 91, undefined, undefined, 80])).toEqual({ 1: 'began', 4: 'ended' })
  })

  it('lists a silenced alert and tells nobody', () => {
    const alerts = new Alerts([rule()])
    expect(alerts.silence('too-many', 3 * MINUTE)).toBe(true)
    expect(alerts.silence('unknown', 3 * MINUTE)).toBe(false)
    expect(told(alerts, [95, 95])).toEqual({})
    expect(alerts.active).toMatchObject([{ rule: 'too-many', silenced: true }])
    expect(alerts.evaluate(() => 1, 4 * MINUTE)).toMatchObject([{ type: 'ended', alert: { silenced: false } }])
  })

  it('lists the worst first', () => {
    const alerts = new Alerts([rule({ name: 'info', severity: 'INFO' }), rule({ name: 'error', severity: 'ERROR' })])
    alerts.evaluate(() => 91, 0)
    expect(alerts.active.map(({ rule: name }) => name)).toEqual(['error', 'info'])
  })

  it('keeps the last 200 that ended', () => {
    const alerts = new Alerts([rule()])
    told(
      alerts,
      Array.from({ length: 500 }, (_, at) => (at % 2 === 0 ? 91 : 0)),
    )
    expect(alerts.past).toHaveLength(200)
    expect(alerts.past[0]!.endedAt).toBe(499 * MINUTE)
  })

  it('refuses rules of one name, and rules without one bound', () => {
    const { above: _, ...unbound } = rule()
    expect(() => new Alerts([rule(), rule()])).toThrow('same name')
    expect(() => new Alerts([unbound])).toThrow('"above" or "below"')
    expect(() => new Alerts([rule({ below: 1 })])).toThrow('"above" or "below"')
  })
})

describe('measures', () => {
  const rate = rule({ measure: { kind: 'rate', metric: 'connections', overMs: 2 * MINUTE }, above: 1 })

  it('rate: growth per second over a full window', () => {
    expect(told(new Alerts([rate]), [0, 119, 241, 300, 300])).toEqual({ 2: 'began', 4: 'ended' })
  })

  it('rate: a counter that was reset with its process is no growth and no alert', () => {
    expect(told(new Alerts([rate]), [1_000, 1_010, 0, 10, 20])).toEqual({})
  })

  it('ratio: of two values, or of what both grew by', () => {
    const values = new Map([
      ['closed', 0],
      ['all', 0],
    ])
    const now = new Alerts([rule({ measure: { kind: 'ratio', metric: 'closed', of: 'all' }, above: 0.5 })])
    const grown = new Alerts([
      rule({ measure: { kind: 'ratio', metric: 'closed', of: 'all', overMs: MINUTE }, above: 0.5 }),
    ])
    const at = (alerts: Alerts, minute: number, closed: number, all: number): AlertChange[] => {
      values.set('closed', closed).set('all', all)
      return alerts.evaluate((name) => values.get(name), minute * MINUTE)
    }
    expect([at(now, 0, 0, 0), at(now, 1, 40, 100), at(now, 2, 60, 100)].map(({ length }) => length)).toEqual([0, 0, 1])
    expect(
      [at(grown, 0, 900, 1_000), at(grown, 1, 910, 1_100), at(grown, 2, 990, 1_200)].map(({ length }) => length),
    ).toEqual([0, 0, 1])
  })

  it('absence: how long a value has stood still', () => {
    const still = rule({ measure: { kind: 'absence', metric: 'connections' }, above: 2 * MINUTE })
    expect(told(new Alerts([still]), [5, 6, 6, 6, 6, 7])).toEqual({ 4: 'began', 5: 'ended' })
  })

  const DAY = 1_440
  /** A healthy series: a shape of the day, a quiet seventh day, noise, and a deploy a day that sends everybody back. */
  const healthy = (minute: number): number => {
    const quiet = Math.floor(minute / DAY) % 7 === 6 ? 0.6 : 1
    const noise = 15 * Math.sin(minute * 12.9898) * Math.cos(minute * 78.233)
    const deploy = minute % DAY === 700 ? -300 : 0
    return quiet * (3_000 + 1_500 * Math.sin((2 * Math.PI * minute) / DAY)) + noise + deploy
  }
  const anomaly = rule({ name: 'odd', measure: { kind: 'anomaly', metric: 'connections' }, above: 12, forMs: 0 })
  const full = rule({
    name: 'full',
    measure: { kind: 'minutes-left', metric: 'connections', limit: 'limit' },
    below: 30,
    clear: 60,
    forMs: 5 * MINUTE,
    above: undefined as never,
  })

  it('minutes-left and anomaly: at most one false alert per healthy day', () => {
    const { above: _, ...bounded } = full
    const alerts = new Alerts([anomaly, bounded])
    const perDay = Array.from({ length: 14 }, () => 0)
    for (let minute = 0; minute < 14 * DAY; minute++) {
      const read = (name: string): number => (name === 'limit' ? 5_500 : healthy(minute))
      for (const { type } of alerts.evaluate(read, minute * MINUTE)) {
        if (type === 'began') perDay[Math.floor(minute / DAY)]!++
      }
    }
    expect(Math.max(...perDay)).toBeLessThanOrEqual(1)
  })

  it('minutes-left: a leak is announced before the limit is reached', () => {
    const { above: _, ...bounded } = full
    const alerts = new Alerts([bounded])
    let announced: number | undefined
    let minute = 0
    for (; healthy(minute) + 20 * Math.max(0, minute - 8 * DAY) < 5_500; minute++) {
      const value = healthy(minute) + 20 * Math.max(0, minute - 8 * DAY)
      const changes = alerts.evaluate((name) => (name === 'limit' ? 5_500 : value), minute * MINUTE)
      if (changes.length > 0) announced ??= minute
    }
    expect(minute - announced!, 'minutes before it happened').toBeGreaterThan(15)
    expect(announced!, 'not before the leak').toBeGreaterThan(8 * DAY)
  })
})
