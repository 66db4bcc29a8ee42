import { expect, it } from 'vitest'
import { Heartbeat, heartbeatSettings } from './heartbeat.ts'

const SETTINGS = heartbeatSettings({})

/** What is done at which second of silence. */
function silence(heartbeat: Heartbeat, from: number, to: number): string[] {
  const seen: string[] = []
  for (let second = from; second <= to; second++) {
    const verdict = heartbeat.look(SETTINGS, second * 1_000)
    if (verdict !== undefined) seen.push(`${second} ${verdict}`)
  }
  return seen
}

it('asks before each check, and is dead after three missed ones: in ninety seconds', () => {
  expect(silence(new Heartbeat(0), 0, 90)).toEqual(['20 ask', '30 missed', '50 ask', '60 missed', '80 ask', '90 dead'])
})

it('starts again with any sign of life', () => {
  const heartbeat = new Heartbeat(0)
  expect(silence(heartbeat, 0, 70)).toHaveLength(4)
  expect(heartbeat.missedPings).toBe(2)
  heartbeat.lastSeenAt = 70_000
  expect(heartbeat.missedPings).toBe(0)
  expect(silence(heartbeat, 71, 100)).toEqual(['90 ask', '100 missed'])
  expect(heartbeat.missedPings).toBe(1)
})

it('never asks who speaks more often than it is checked', () => {
  const heartbeat = new Heartbeat(0)
  for (let at = 0; at <= 600_000; at += 15_000) {
    heartbeat.lastSeenAt = at
    expect(silence(heartbeat, at / 1_000 + 1, at / 1_000 + 14)).toEqual([])
  }
})

it('measures the round trip of the first answer to a ping alone', () => {
  const heartbeat = new Heartbeat(0)
  expect(heartbeat.ponged(5)).toBeUndefined()
  heartbeat.pinged(100)
  expect([heartbeat.ponged(130), heartbeat.ponged(900), heartbeat.rttMs]).toEqual([30, undefined, 30])
})

it('refuses what makes no sense', () => {
  expect(() => heartbeatSettings({ checkEveryMs: 0 })).toThrow('heartbeat.checkEveryMs is 0')
  expect(() => heartbeatSettings({ outAfter: 0.5 })).toThrow('heartbeat.outAfter')
  expect(heartbeatSettings({ checkEveryMs: 300 })).toMatchObject({ missedAfterMs: 100, outAfter: 3 })
})
