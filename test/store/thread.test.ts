// A store whose thread dies or hangs: what was in hand is not known, and the next thread goes on.

import { syncBuiltinESMExports } from 'node:module'
import threads, { type Worker } from 'node:worker_threads'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { entry, positionOf, StoreWorld, until } from './harness/store-world.ts'

const started: Worker[] = []
const { Worker: RealWorker } = threads
let world: StoreWorld

beforeAll(() => {
  threads.Worker = class extends RealWorker {
    constructor(...args: ConstructorParameters<typeof RealWorker>) {
      super(...args)
      started.push(this)
    }
  }
  syncBuiltinESMExports()
})
afterAll(() => {
  threads.Worker = RealWorker
  syncBuiltinESMExports()
})
afterEach(() => world.remove())

describe('the thread of a store', () => {
  it('is replaced when it dies; what it had in hand is answered as not known and found by its key', async () => {
    world = await StoreWorld.open()
    const first = positionOf(await world.broker.log.append(entry('a', 1)))
    const inHand = world.broker.log.append(entry('a', 2, { key: 'k' }))
    await new Promise((resolve) => setImmediate(resolve))
    await started.at(-1)?.terminate()
    expect(await inHand).toMatchObject({ stored: false, code: 'timeout' })
    expect(await world.broker.log.append(entry('a', 3))).toMatchObject({ code: 'storage-unavailable' })
    await until(() => world.broker.available, 'the next thread')
    expect(world.heard).toContainEqual({ discontinued: undefined })
    const again = positionOf(await world.broker.log.append(entry('a', 2, { key: 'k' })))
    expect(again).toEqual({ ...first, offset: 2 })
    expect(
      world.events
        .filter(({ type }) => type === 'availability')
        .map((event) => 'available' in event && event.available),
    ).toEqual([true, false, true])
  })

  it('PUB-14: is asked nothing while there is none; what is asked then is refused and holds up nothing later', async () => {
    world = await StoreWorld.open({ deadlineMs: 500 })
    const data = 'x'.repeat(1_000_000)
    const all = Array.from({ length: 20 }, (_, n) => world.broker.log.append(entry('a', `${n} ${data}`)))
    await new Promise((resolve) => setImmediate(resolve))
    await started.at(-1)?.terminate()
    await expect(world.broker.log.position('b')).rejects.toMatchObject({ code: 'storage-unavailable' })
    expect((await Promise.all(all)).at(-1)).toMatchObject({ code: 'storage-unavailable' })
    expect(world.broker.usage.waiting).toEqual({ count: 0, bytes: 0 })
    await until(() => world.broker.available, 'the next thread')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(world.broker.available).toBe(true)
    positionOf(await world.broker.log.append(entry('a', 'after')))
  })
})
