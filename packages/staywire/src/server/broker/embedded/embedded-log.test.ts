import { expect, it } from 'vitest'
import type { StoredPublication } from '../../../protocol/codec.ts'
import type { Append } from '../broker.ts'
import { Deliveries } from '../deliveries.ts'
import { limitsOf } from '../memory/memory-limits.ts'
import { MemoryLog } from '../memory/memory-log.ts'
import type { DiskLog } from './disk-log.ts'
import { EmbeddedLog } from './embedded-log.ts'

function setUp() {
  const deliveries = new Deliveries()
  const memory = new MemoryLog({ now: () => 1_000, random: () => 0.5 }, limitsOf({}), deliveries)
  let noted: (is: boolean) => void = () => undefined
  let asked = 0
  const link = {
    dedupeLife: 'life',
    noteMemoryKeys: () => {
      asked++
      return new Promise<boolean>((resolve) => (noted = resolve))
    },
  }
  const log = new EmbeddedLog({ disk: undefined as unknown as DiskLog, memory, deliveries, link })
  const heard: string[] = []
  log.listen({ deliver: (_, { data }: StoredPublication) => void heard.push(data), discontinued: () => undefined })
  const append = (data: string, key?: string) =>
    log.append({
      channel: 'news',
      data,
      ...(key !== undefined && { key }),
      retention: { durability: 'memory', history: { size: 10, ttlMs: 60_000 } },
    } satisfies Append)
  return { append, heard, note: (is = true) => noted(is), asked: () => asked }
}

it('CLI-2, PUB-9: nobody sees a keyed publication of a memory channel before the store knows that a restart loses its key', async () => {
  const { append, heard, note, asked } = setUp()
  const first = append('1', 'k1')
  await Promise.resolve()
  expect([heard, asked()]).toEqual([[], 1])
  note()
  expect(await first).toMatchObject({ stored: true, position: { offset: 1 } })
  expect(heard).toEqual(['1'])
})

it('PUB-12: what is appended while the store takes note keeps its place, and nothing waits afterwards', async () => {
  const { append, heard, note, asked } = setUp()
  await append('0')
  const all = [append('1', 'k1'), append('2'), append('3', 'k3')]
  await Promise.resolve()
  expect(heard).toEqual(['0'])
  note()
  await all[0]
  all.push(append('4'))
  await Promise.all(all)
  void append('5', 'k5')
  expect([heard, asked()]).toEqual([['0', '1', '2', '3', '4', '5'], 1])
})

it('CLI-2: a store that could not take note is asked again, and holds nothing up', async () => {
  const { append, note, asked } = setUp()
  const first = append('1', 'k1')
  await Promise.resolve()
  note(false)
  expect(await first).toMatchObject({ stored: true, position: { offset: 1 } })
  const second = append('2', 'k2')
  await Promise.resolve()
  note()
  await second
  await append('3', 'k3')
  expect(asked()).toBe(2)
})
