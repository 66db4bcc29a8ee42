// What a store does at its limits: it forgets openly, and never names two publications alike.

import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { CAPS, entry, fill, positionOf, StoreWorld, until } from './harness/store-world.ts'

let world: StoreWorld
afterEach(() => world.remove())

const hasSqlite = spawnSync('sqlite3', ['--version'], { stdio: 'ignore' }).status === 0

describe('the limits of a store', () => {
  it('forgets the channel used longest ago, tells so, and never names two publications alike', async () => {
    world = await StoreWorld.open({ channels: 5 })
    const names = new Map<string, string>()
    for (let round = 0; round < 120; round++) {
      const channel = `c${round % 8}`
      const { epoch, offset } = positionOf(await world.broker.log.append(entry(channel, `${channel}/${round}`)))
      const name = `${channel} ${epoch}:${offset}`
      expect(names.get(name)).toBeUndefined()
      names.set(name, channel)
      world.advance(1)
      if (round % 30 === 29) await world.reopen()
    }
    const forgotten = world.events.flatMap((event) => (event.type === 'forgotten' ? [event.channel] : []))
    expect(forgotten).toHaveLength(115)
    expect(world.heard.filter((one) => 'discontinued' in one)).toEqual(
      forgotten.map((discontinued) => ({ discontinued })),
    )
    const page = await world.broker.log.history('c7', { limit: 100 })
    expect(page.publications.map(({ data }) => data)).toEqual(['"c7/119"'])
  })

  it('REC-1: forgetting a channel leaves the positions of others alone, and gives its own a gap', async () => {
    world = await StoreWorld.open({ channels: 2 })
    const quiet = await world.broker.log.position('quiet')
    const a = positionOf(await world.broker.log.append(entry('a', 1)))
    world.advance(1)
    const b = positionOf(await world.broker.log.append(entry('b', 1)))
    world.advance(1)
    await world.broker.log.append(entry('c', 1))
    await world.reopen()
    const { log } = world.broker
    expect(await log.recover('quiet', quiet, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(await log.recover('b', b, CAPS)).toMatchObject({ outcome: 'recovered' })
    expect(await log.recover('a', a, CAPS)).toMatchObject({ outcome: 'gap', why: 'epoch', position: { offset: 0 } })
  })

  it('forgets the oldest keys above their number, and says so by another life', { timeout: 120_000 }, async () => {
    world = await StoreWorld.open({ keys: 1 })
    const { life } = world.broker.log.dedupe
    const retention = { durability: 'disk', history: { size: 10, ttlMs: 3_600_000 } } as const
    const stored = 300_000
    for (let number = 0; number < stored;) {
      const batch = Array.from({ length: 10_000 }, () =>
        entry(`c${number % 3}`, number, { key: `k${number++}`, retention }),
      )
      const appended = await Promise.all(batch.map((one) => world.broker.log.append(one)))
      expect(appended.every((one) => one.stored && !one.duplicate)).toBe(true)
    }
    expect(world.broker.log.dedupe.life).not.toBe(life)
    const again = async (number: number) => {
      const appended = await world.broker.log.append(entry(`c${number % 3}`, number, { key: `k${number}`, retention }))
      return appended.stored && appended.duplicate
    }
    expect([await again(0), await again(stored - 1), await again(stored - 100_000)]).toEqual([false, true, true])
  })

  it('takes no new publications when it is full and told to refuse, and keeps the old ones', async () => {
    world = await StoreWorld.open({ maxBytes: 1_048_576, whenFull: 'refuse' })
    let refusal: unknown
    for (let count = 0; count < 3_000 && refusal === undefined; count++) {
      const appended = await world.broker.log.append(entry(`c${count % 10}`, 'x'.repeat(4_000)))
      if (!appended.stored) refusal = appended
    }
    expect(refusal).toMatchObject({
      code: 'storage-unavailable',
      message: 'The store is as large as it may be, 1048576 bytes.',
    })
    expect(await world.broker.log.history('c0', { after: 0, limit: 1 })).toMatchObject({
      publications: [{ offset: 1 }],
    })
  })

  it('deletes what expired while nobody publishes', async () => {
    world = await StoreWorld.open()
    for (let channel = 0; channel < 100; channel++) await fill(world, `c${channel}`, 20)
    world.advance(3_600_001)
    world.broker.expire(world.now())
    const rows = () => Number(query(world.directory, 'SELECT count(*) FROM chunks'))
    if (hasSqlite) await until(() => rows() === 0, 'everything expired to be deleted')
    expect(await world.broker.log.position('c7')).toMatchObject({ offset: 20 })
  })
})

describe.runIf(hasSqlite)('the sqlite3 tool', () => {
  it('reads publications while the store is running', async () => {
    world = await StoreWorld.open()
    await world.broker.log.append(entry('a', { text: 'hé, "x"' }, { from: 'ada', key: 'k1', meta: '{"m":[1]}' }))
    await world.broker.log.append(entry('a', [1, 2]))
    await world.broker.log.append(entry('b', 'other'))
    const { epoch } = await world.broker.log.position('a')
    const rows = query(world.directory, "SELECT * FROM publications WHERE channel = 'a' ORDER BY offset")
    const at = world.now()
    expect(rows.trim().split('\n')).toEqual([
      `a|${epoch}|1|${at}|ada|k1|{"m":[1]}|{"text":"hé, \\"x\\""}`,
      `a|${epoch}|2|${at}|||null|[1,2]`,
    ])
    expect(query(world.directory, 'PRAGMA integrity_check').trim()).toBe('ok')
    await world.broker.log.append(entry('a', 'after'))
    expect(query(world.directory, 'SELECT count(*) FROM publications').trim()).toBe('4')
  })
})

function query(directory: string, sql: string): string {
  return execFileSync('sqlite3', [join(directory, 'staywire.db'), sql], { encoding: 'utf8' })
}
