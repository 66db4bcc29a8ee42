// What a store still knows after it was closed and opened again.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { embeddedStore } from 'staywire/server'
import { CAPS, entry, fill, positionOf, StoreWorld } from './harness/store-world.ts'

let world: StoreWorld
afterEach(() => world.remove())

describe('a store that was closed and opened again', () => {
  it('REC-1, REC-14: knows every position, also of channels that nothing was published to', async () => {
    world = await StoreWorld.open()
    const quiet = await world.broker.log.position('quiet')
    await fill(world, 'a', 10)
    const position = await world.broker.log.position('a')
    await world.reopen()
    const { log } = world.broker
    expect(await log.position('a')).toEqual(position)
    expect(await log.recover('quiet', quiet, CAPS)).toEqual({ outcome: 'recovered', publications: [], position: quiet })
    expect(await log.recover('a', { ...position, offset: 7 }, CAPS)).toMatchObject({
      outcome: 'recovered',
      publications: [
        { offset: 8, data: '8' },
        { offset: 9, data: '9' },
        { offset: 10, data: '10' },
      ],
    })
    expect(positionOf(await log.append(entry('a', 'next')))).toEqual({ ...position, offset: 11 })
    expect(world.reported).toEqual(['availability', 'availability'])
  })

  it('has every field of every publication, byte for byte', async () => {
    world = await StoreWorld.open()
    const texts = ['{"a":"日本 🎉 \\n \\u0000"}', '[1.0,2e3]', '"]"', '"a,b]"', '{"k" : [ ] }', 'null', '""']
    for (const [index, data] of texts.entries()) {
      const meta = index % 2 === 0 ? { meta: '{"m":"],"}' } : {}
      const from = index % 3 === 0 ? { from: 'a"da,\n日' } : {}
      await world.broker.log.append({ ...entry('a', null), data, ...meta, ...from, key: `k"\\${index}` })
    }
    const told = world.heard.map((one) => ('publication' in one ? one.publication : undefined))
    await world.reopen()
    const { publications } = await world.broker.log.history('a', { limit: 100 })
    expect(publications).toEqual(told)
    expect(publications.map(({ data }) => data)).toEqual(texts)
  })

  it('keeps JSON that has line breaks in it as the same value on one line', async () => {
    world = await StoreWorld.open()
    await world.broker.log.append({ ...entry('a', null), data: '{\r\n "a": 1\n}', meta: '{\n}' })
    await world.reopen()
    const { publications } = await world.broker.log.history('a', { limit: 1 })
    expect(publications).toMatchObject([{ data: '{   "a": 1 }', meta: '{ }' }])
    expect(world.heard).toMatchObject([{ publication: { data: '{   "a": 1 }' } }])
  })

  it('PUB-9: remembers keys for the window, with what they were used for', async () => {
    world = await StoreWorld.open()
    const { life, windowMs } = world.broker.log.dedupe
    const first = await world.broker.log.append(entry('a', 'x', { key: 'k', from: 'ada' }))
    await world.reopen()
    const { log } = world.broker
    expect(log.dedupe.life).toBe(life)
    expect(await log.append(entry('a', 'x', { key: 'k', from: 'ada' }))).toEqual({ ...first, duplicate: true })
    expect(await log.append(entry('a', 'y', { key: 'k', from: 'ada' }))).toMatchObject({ code: 'idempotency-conflict' })
    await world.reopen()
    world.advance(windowMs)
    expect(positionOf(await world.broker.log.append(entry('a', 'y', { key: 'k', from: 'ada' }))).offset).toBe(2)
  })

  it('gives memory channels another epoch, and another dedupe life when keys of theirs were lost', async () => {
    world = await StoreWorld.open()
    const memory = { retention: { durability: 'memory', history: { size: 10, ttlMs: 1_000_000 } } } as const
    const { life } = world.broker.log.dedupe
    const quiet = await world.broker.log.position('memory:quiet')
    const before = positionOf(await world.broker.log.append(entry('memory:a', 1, memory)))
    await world.reopen()
    expect(world.broker.log.dedupe.life).toBe(life)
    expect(await world.broker.log.recover('memory:a', before, CAPS)).toMatchObject({ outcome: 'gap', why: 'epoch' })
    expect(await world.broker.log.recover('memory:quiet', quiet, CAPS)).toMatchObject({ outcome: 'gap', why: 'epoch' })
    await world.broker.log.append(entry('memory:a', 1, { ...memory, key: 'k' }))
    await world.reopen()
    expect(world.broker.log.dedupe.life).not.toBe(life)
  })

  it('serves many recoveries at once from one reading, with the same publications for all', async () => {
    world = await StoreWorld.open()
    const retention = { durability: 'disk', history: { size: 1_000, ttlMs: 3_600_000 } } as const
    await fill(world, 'a', 1_000, { retention })
    const { epoch } = await world.broker.log.position('a')
    await world.reopen()
    const recoveries = await Promise.all(
      Array.from({ length: 500 }, (_, index) =>
        world.broker.log.recover('a', { epoch, offset: 700 + (index % 300) }, CAPS),
      ),
    )
    const all = recoveries[0]?.outcome === 'recovered' ? recoveries[0].publications : []
    expect(all.map(({ offset }) => offset)).toEqual(Array.from({ length: 300 }, (_, index) => 701 + index))
    for (const [index, recovery] of recoveries.entries()) {
      const publications = recovery.outcome === 'recovered' ? recovery.publications : []
      expect(publications).toHaveLength(300 - (index % 300))
      expect(publications.every((one, at) => one === all[(index % 300) + at])).toBe(true)
    }
    expect(world.broker.usage.cache).toMatchObject({ channels: 1, publications: 300 })
  })

  it('REC-6, REC-7: tells too many from trimmed beyond what is in memory', async () => {
    world = await StoreWorld.open()
    const retention = { durability: 'disk', history: { size: 800, ttlMs: 3_600_000 } } as const
    await fill(world, 'a', 1_000, { retention })
    const { epoch } = await world.broker.log.position('a')
    await world.reopen()
    const why = async (offset: number, caps = CAPS) => {
      const recovery = await world.broker.log.recover('a', { epoch, offset }, caps)
      return recovery.outcome === 'gap' ? recovery.why : recovery.publications.length
    }
    expect([await why(199), await why(200), await why(699), await why(700)]).toEqual([
      'trimmed',
      'too-many',
      'too-many',
      300,
    ])
    expect(await why(200, { publications: 1_000, bytes: 10_000_000 })).toBe(800)
    world.advance(3_600_001)
    expect([await why(200), await why(999), await why(1_000)]).toEqual(['trimmed', 'trimmed', 0])
  })

  it('pages through everything it keeps, in both directions', async () => {
    world = await StoreWorld.open()
    const retention = { durability: 'disk', history: { size: 700, ttlMs: 3_600_000 } } as const
    for (let part = 0; part < 10; part++) await fill(world, 'a', 100, { retention })
    await world.reopen()
    const { log } = world.broker
    const backwards: number[] = []
    for (let before: number | undefined; ;) {
      const { publications } = await log.history('a', { limit: 64, ...(before === undefined ? {} : { before }) })
      if (publications.length === 0) break
      backwards.unshift(...publications.map(({ offset }) => offset))
      before = publications[0]?.offset
    }
    const forwards: number[] = []
    for (let after = 0; ; after = forwards.at(-1) ?? 0) {
      const { publications } = await log.history('a', { limit: 64, after })
      if (publications.length === 0) break
      forwards.push(...publications.map(({ offset }) => offset))
    }
    const all = Array.from({ length: 700 }, (_, index) => 301 + index)
    expect({ backwards, forwards }).toEqual({ backwards: all, forwards: all })
  })
})

describe('the data directory', () => {
  it('is used by one process at a time, and says so in one line', async () => {
    world = await StoreWorld.open()
    const second = embeddedStore({ directory: world.directory })
    await expect(second.open({ durabilityOf: () => 'disk' })).rejects.toMatchObject({
      code: 'storage-unavailable',
      message: `The data directory ${world.directory} is in use by another process (pid ${process.pid}).`,
    })
    expect(readFileSync(join(world.directory, 'staywire.pid'), 'utf8')).toBe(`${process.pid}\n`)
    await world.close()
    await second.open({ durabilityOf: () => 'disk' })
    await second.close()
  })

  it('names options that cannot be used', () => {
    expect(() => embeddedStore({ directory: '' })).toThrow('An embedded store needs a directory.')
    expect(() => embeddedStore({ directory: '/tmp/x', maxBytes: 5 })).toThrow(
      'maxBytes must be a number of at least 1048576',
    )
  })
})
