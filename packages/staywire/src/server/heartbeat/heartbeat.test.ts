import { describe, expect, it } from 'vitest'
import { Heartbeat, type HeartbeatSettings } from './heartbeat.ts'

const settings: HeartbeatSettings = { enabled: true, intervalMs: 25_000, timeoutMs: 8_000, maxMissed: 1, slackMs: 0 }

/** Looks whenever it is due until `until`, and tells what came of it. */
function run(
  heartbeat: Heartbeat,
  until: number,
  answers: (at: number) => number | undefined = () => undefined,
  with_ = settings,
): string[] {
  const told: string[] = []
  for (let now = heartbeat.dueAt(with_); now <= until; now = heartbeat.dueAt(with_)) {
    const verdict = heartbeat.look(with_, now)
    told.push(`${now} ${verdict}`)
    if (verdict === 'dead') break
    const answered = verdict === 'ping' ? answers(now) : undefined
    if (answered !== undefined) {
      heartbeat.lastSeenAt = answered
      heartbeat.pong(answered)
    }
  }
  return told
}

describe('the heartbeat', () => {
  it('HB-1: sends the first ping at random in the second half of the first interval, then one per silent interval', () => {
    expect(run(new Heartbeat(settings, 0, 0), 90_000, (at) => at + 40)).toEqual([
      '12500 ping',
      '37500 ping',
      '62500 ping',
      '87500 ping',
    ])
    expect(run(new Heartbeat(settings, 0, 0.5), 50_000, (at) => at + 40)[0]).toBe('18750 ping')
    expect(run(new Heartbeat(settings, 0, 0.999), 50_000, (at) => at + 40)[0]).toBe('24987.5 ping')
  })

  it('HB-1: pings when nothing was sent for an interval although much is heard, and the other way round', () => {
    const listened = new Heartbeat(settings, 0, 0)
    run(listened, 13_000, (at) => at + 1)
    listened.lastSeenAt = 37_000
    expect(listened.dueAt(settings)).toBe(37_500)
    listened.lastSentAt = 37_400
    expect(listened.dueAt(settings)).toBe(62_000)
  })

  it('HB-3: calls a silent peer dead one interval and one timeout after it was last heard', () => {
    const heartbeat = new Heartbeat(settings, 0, 0)
    heartbeat.look(settings, 12_500)
    heartbeat.lastSeenAt = 12_501
    heartbeat.lastSentAt = 12_501
    expect(run(heartbeat, 100_000)).toEqual(['37501 ping', '45501 dead'])
  })

  it('HB-3: with maxMissed n needs n unanswered pings, an interval apart', () => {
    const patient = { ...settings, maxMissed: 3 }
    const heartbeat = new Heartbeat(patient, 0, 1)
    expect(run(heartbeat, 200_000, undefined, patient)).toEqual([
      '25000 ping',
      '33000 missed',
      '50000 ping',
      '58000 missed',
      '75000 ping',
      '83000 dead',
    ])
    expect(heartbeat.missedPings).toBe(3)
  })

  it('HB-2: takes anything heard for a sign of life, and forgets missed pings then', () => {
    const patient = { ...settings, maxMissed: 2 }
    const heartbeat = new Heartbeat(patient, 0, 1)
    run(heartbeat, 34_000, undefined, patient)
    expect(heartbeat.missedPings).toBe(1)
    heartbeat.lastSeenAt = 40_000
    expect(heartbeat.missedPings).toBe(0)
    expect(run(heartbeat, 200_000, undefined, patient)).toEqual([
      '50000 ping',
      '58000 missed',
      '75000 ping',
      '83000 dead',
    ])
  })

  it('measures the round trip of the ping that is answered first, once', () => {
    const heartbeat = new Heartbeat(settings, 0, 0)
    expect(heartbeat.pong(5)).toBeUndefined()
    heartbeat.look(settings, 12_500)
    expect([heartbeat.pong(12_537), heartbeat.pong(12_600)]).toEqual([37, undefined])
    expect([heartbeat.rttMs, heartbeat.lastPingAt, heartbeat.lastPongAt]).toEqual([37, 12_500, 12_600])
  })

  it('does nothing when switched off', () => {
    const off = { ...settings, enabled: false }
    const heartbeat = new Heartbeat(off, 0, 0)
    expect([heartbeat.dueAt(off), heartbeat.look(off, 1e9)]).toEqual([Infinity, undefined])
  })

  it('sends pings a little early where looks can be late, so that the bound holds', () => {
    const coarse = { ...settings, slackMs: 200 }
    const heartbeat = new Heartbeat(coarse, 0, 0)
    heartbeat.look(coarse, 12_500)
    heartbeat.lastSeenAt = heartbeat.lastSentAt = 13_000
    expect(heartbeat.dueAt(coarse)).toBe(37_800)
    expect(heartbeat.look(coarse, 37_900)).toBe('ping')
    expect(heartbeat.dueAt(coarse)).toBe(45_900)
    expect(heartbeat.look(coarse, 46_000)).toBe('dead')
    expect(46_000 - 13_000).toBeLessThanOrEqual(33_000)
  })
})
