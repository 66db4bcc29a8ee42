import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { Publication, Transport } from '../client/api.ts'
import { World, type Path } from './world.ts'

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse', 'poll']

/** The network changes its mind, or the server goes away for a while. */
interface Change {
  readonly afterMs: number
  readonly transport: Transport
  readonly path: Path
  /** For how long nothing reaches the server before. */
  readonly downMs: number
  /** Whether what is open is cut as well. */
  readonly cuts: boolean
}

const change: fc.Arbitrary<Change> = fc.record({
  afterMs: fc.integer({ min: 10, max: 60_000 }),
  transport: fc.constantFrom(...TRANSPORTS),
  path: fc.oneof(fc.constantFrom<Path[]>('works', 'refuses', 'hangs', 'opens'), fc.integer({ min: 50, max: 15_000 })),
  downMs: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.integer({ min: 100, max: 20_000 })),
  cuts: fc.boolean(),
})

it('FALL-1, FALL-2, FALL-8: whatever the network does to the transports, nothing is lost or doubled, and the best is found again', async () => {
  const changes = fc.array(change, { minLength: 1, maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 10_000 }), changes, async (seed, all) => {
      const world = new World({
        seed,
        server: { authenticate: () => ({ user: 'ada' }), channels: { '**': { subscribe: true } } },
      })
      const virtual = world.client({ transports: TRANSPORTS })
      const { client } = virtual
      const got: unknown[] = []
      const outcomes: string[] = []
      client
        .subscribe('news', ({ data }: Publication) => got.push(data))
        .on('outcome', (outcome) => outcomes.push(outcome))
      await world.until(() => outcomes.length > 0, 10_000)
      let published = 0
      const passes = async (ms: number): Promise<void> => {
        for (const end = world.time.now + ms; world.time.now < end;) {
          await world.run(Math.min(1_000, end - world.time.now))
          await world.server.node.publisher.publish('news', ++published)
          expect(world.server.node.registry.size).toBeLessThanOrEqual(1)
        }
      }
      for (const { afterMs, transport, path, cuts, downMs } of all) {
        await passes(afterMs)
        world.reachable(downMs === 0)
        await passes(downMs)
        world.reachable(true)
        world.paths[transport] = path
        if (cuts) virtual.link?.cut()
      }
      for (const transport of TRANSPORTS) world.paths[transport] = 'works'
      expect(await world.until(() => client.status === 'connected', 60_000)).toBe(true)
      await passes(15_000)
      virtual.hint('online')
      expect(
        await world.until(() => client.stats().transport === 'websocket' && client.status === 'connected', 120_000),
      ).toBe(true)
      await passes(12_000)
      await world.run(5_000)
      expect(got).toEqual(Array.from({ length: published }, (_, n) => n + 1))
      expect([new Set(outcomes.slice(1)), world.server.node.registry.size]).toEqual([
        new Set(outcomes.length > 1 ? ['recovered'] : []),
        1,
      ])
      expect([virtual.failures, world.server.failures]).toEqual([[], []])
      client.close()
      await world.run(1_000)
      expect([virtual.armed, world.server.node.registry.size]).toEqual([false, 0])
    }),
    { numRuns: 25 },
  )
}, 60_000)
