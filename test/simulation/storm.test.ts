// What many clients do to one server when they lose it together, or are sent away: the real machines of both sides in virtual time.

import { beforeAll, describe, expect, it } from 'vitest'
import type { Observer } from 'staywire/server'
import { World } from 'staywire/testing'
import { printFigures } from '../figures.ts'

const CLIENTS = 5_000
/** Most of them that may come back within any 100 ms. */
const WINDOW = CLIENTS * 0.02
const AWAY_MS = 30_000

const connectedAt: number[] = []
const closedAt: number[] = []
const observer: Observer = {
  report({ type }) {
    if (type === 'connected') connectedAt.push(world.time.now)
    if (type === 'closed') closedAt.push(world.time.now)
  },
}
const world: World = new World({
  seed: 7,
  // They all have one address here.
  server: { anonymous: true, limits: { connectionsPerAddress: 2 * CLIENTS }, observer },
})

/** When each came back or went, since `start`, in order. */
const since = (start: number, times: readonly number[]): number[] =>
  times
    .filter((at) => at >= start)
    .map((at) => at - start)
    .toSorted((a, b) => a - b)

/** The most of these times that lie within any 100 ms. */
function mostInAWindow(times: readonly number[]): number {
  let most = 0
  for (let from = 0, to = 0; to < times.length; to++) {
    while ((times[to] ?? 0) - (times[from] ?? 0) >= 100) from++
    most = Math.max(most, to - from + 1)
  }
  return most
}

/** When so many of all had come. */
const quantile = (times: readonly number[], share: number): number => times[Math.ceil(CLIENTS * share) - 1] ?? Infinity

const statuses = (): Set<string> => new Set(world.clients.map(({ client }) => client.status))

function report(what: string, times: readonly number[]): void {
  const [half, most, all] = [0.5, 0.99, 1].map((share) => Math.round(quantile(times, share)))
  printFigures(
    `${what}: half in ${half} ms, 99 % in ${most} ms, all in ${all} ms, at most ${mostInAWindow(times)} in 100 ms`,
  )
}

describe(`${CLIENTS} clients`, () => {
  let start = 0
  beforeAll(async () => {
    start = world.time.now
    for (let n = 0; n < CLIENTS; n++) void world.client().client.connect()
    await world.run(45_000)
  }, 120_000)

  it('LIM-8: that all come at once are let in one by one, and all get in', () => {
    report('5,000 at once', since(start, connectedAt))
    expect(connectedAt.length).toBe(CLIENTS)
    expect(mostInAWindow(connectedAt)).toBeLessThanOrEqual(WINDOW)
  })

  it('CLOSE-4, LIM-8: that lose their server for 30 s come back spread, 99 % within 20 s of its return, and nobody gives up', async () => {
    world.restart(AWAY_MS)
    await world.run(AWAY_MS)
    expect(statuses()).toEqual(new Set(['waiting']))
    start = world.time.now
    await world.run(25_000)
    const back = since(start, connectedAt)
    report('5,000 after an outage of 30 s', back)
    expect([back.length, statuses()]).toEqual([CLIENTS, new Set(['connected'])])
    expect(mostInAWindow(back)).toBeLessThanOrEqual(WINDOW)
    expect(quantile(back, 0.99)).toBeLessThanOrEqual(20_000)
  }, 120_000)

  it('CLOSE-9: that are sent away over 10 s go one by one, come back no sooner than told, and no more of them at a time', async () => {
    const { node } = world.server
    start = world.time.now
    node.closeOver([...node.registry.all()], { code: 4107, retryAfterMs: 2_000 }, 10_000)
    await world.run(20_000)
    const [gone, back] = [since(start, closedAt), since(start, connectedAt)]
    report('5,000 sent away over 10 s', back)
    expect([gone.length, back.length, statuses()]).toEqual([CLIENTS, CLIENTS, new Set(['connected'])])
    expect(mostInAWindow(gone)).toBeLessThanOrEqual(2 * (CLIENTS / 100))
    for (const share of [0.25, 0.5, 0.75, 1])
      expect(Math.abs(quantile(gone, share) - 10_000 * share)).toBeLessThanOrEqual(200)
    expect(back[0]).toBeGreaterThanOrEqual(2_000)
    expect(mostInAWindow(back)).toBeLessThanOrEqual(WINDOW)
  }, 120_000)
})
