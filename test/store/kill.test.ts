// Killed without warning, at any moment: nothing acknowledged is lost, nothing is stored twice.

import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { runAndKill, type Acknowledged } from './harness/kill.ts'
import { entry, positionOf, StoreWorld } from './harness/store-world.ts'

const CHANNELS = 7
let world: StoreWorld | undefined
afterEach(async () => {
  await world?.remove()
  world = undefined
})

/** Everything in the store, by channel, in order. */
async function contents(
  from: StoreWorld,
): Promise<{ channel: string; epoch: string; offset: number; number: number }[]> {
  const found = []
  for (let channel = 0; channel < CHANNELS; channel++) {
    for (let after = 0; ;) {
      const page = await from.broker.log.history(`c${channel}`, { after, limit: 1_000 })
      const newest = page.publications.at(-1)
      if (newest === undefined) break
      after = newest.offset
      for (const { offset, data } of page.publications) {
        found.push({ channel: `c${channel}`, epoch: page.position.epoch, offset, number: Number(data) })
      }
    }
  }
  return found
}

describe('a store whose process is killed', () => {
  it(
    'PUB-1: has every acknowledged publication, once, in its place, after each of ten kills',
    { timeout: 120_000 },
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'staywire-kill-'))
      const acknowledged: Acknowledged[] = []
      let first = 1
      for (let kill = 0; kill < 10; kill++) {
        const told = await runAndKill({
          directory,
          inFlight: kill % 2 === 0 ? 200 : 3,
          channels: CHANNELS,
          first,
          acknowledgements: 50 * kill,
          thenMs: kill * 3,
        })
        acknowledged.push(...told)
        first = Math.max(first, ...told.map(({ number }) => number)) + 1_000
      }
      const now = (world = await StoreWorld.open({ directory, now: Date.now }))
      const stored = await contents(now)
      const byPlace = new Map(stored.map((one) => [`${one.channel} ${one.epoch}:${one.offset}`, one.number]))
      const lost = acknowledged.filter(
        ({ channel, epoch, offset, number }) => byPlace.get(`${channel} ${epoch}:${offset}`) !== number,
      )
      expect(lost).toEqual([])
      expect(acknowledged.length).toBeGreaterThan(2_000)
      expect(new Set(stored.map(({ number }) => number)).size).toBe(stored.length)
      for (let channel = 0; channel < CHANNELS; channel++) {
        const offsets = stored.filter((one) => one.channel === `c${channel}`).map(({ offset }) => offset)
        expect(offsets).toEqual(offsets.map((_, index) => index + 1))
      }
      expect(now.reported).toEqual(['availability'])

      // What was in flight at a kill is sent again with its key: found, or stored now, never twice.
      const numbers = new Set(stored.map(({ number }) => number))
      const newest = Math.max(...numbers)
      const answers = await Promise.all(
        Array.from({ length: 400 }, (_, index) => newest - 200 + index).map((number) =>
          now.broker.log.append(entry(`c${number % CHANNELS}`, number, { key: `k${number}` })),
        ),
      )
      for (const [index, answer] of answers.entries()) {
        const wasThere = numbers.has(newest - 200 + index)
        expect(answer).toMatchObject({ stored: true, duplicate: wasThere })
      }
    },
  )

  it('frees its directory for the next process at once', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'staywire-kill-'))
    await runAndKill({ directory, inFlight: 10, channels: 1, acknowledgements: 20 })
    world = await StoreWorld.open({ directory, now: Date.now })
    expect(positionOf(await world.broker.log.append(entry('c0', 'x'))).offset).toBeGreaterThan(20)
    const second = runAndKill({ directory, inFlight: 1, channels: 1, acknowledgements: 1 })
    await expect(second).rejects.toThrow(
      `(1): The data directory ${directory} is in use by another process (pid ${process.pid}).`,
    )
  })
})
