// Makes plans: fast-check draws them and makes those that fail smaller. Each run leaves whole classes of faults out and takes
// parameters to an extreme (swarm testing), since a run in which everything fails at once never gets anywhere deep.

import fc from 'fast-check'
import { CHANNELS, FAULTS, type ClientPlan, type Deed, type Plan, type Step } from './plan.ts'

const CLIENTS = 4
/** Things happen at so many moments, so that often several happen at nearly the same. */
const MOMENTS = 30
const MOMENT_MS = 2_000

const client = fc.nat(CLIENTS - 1)
const channel = fc.nat(CHANNELS.length - 1)
const short = fc.integer({ min: 50, max: 5_000 })
const long = fc.oneof(short, fc.integer({ min: 5_000, max: 60_000 }))
const lasting = (...names: Extract<Deed, { forMs: number }>['do'][]) =>
  fc.record({ do: fc.constantFrom(...names), forMs: long }) as fc.Arbitrary<Deed>

const work: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('publish' as const),
      everyMs: fc.constantFrom(0, 0, 30, 500),
      client,
      channel,
      count: fc.integer({ min: 1, max: 5 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('host-publish' as const),
      channel,
      count: fc.oneof(
        { weight: 6, arbitrary: fc.integer({ min: 1, max: 5 }) },
        { weight: 1, arbitrary: fc.integer({ min: 20, max: 320 }) },
      ),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('publish-again' as const), client }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('read' as const, 'leave' as const), client, channel }) },
)

const fault: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ do: fc.constant('late-dial' as const), client, forMs: fc.integer({ min: 200, max: 9_000 }) }),
  fc.record({ do: fc.constantFrom('disconnect' as const, 'freeze' as const, 'deafen' as const), client, forMs: long }),
  fc.record({ do: fc.constant('cut' as const), client }),
  fc.record(
    {
      do: fc.constant('stall' as const),
      client,
      forMs: long,
      from: fc.constantFrom('client' as const, 'server' as const),
    },
    { requiredKeys: ['do', 'client', 'forMs'] },
  ),
  lasting('blackout', 'slow-net', 'slow-disk', 'full-disk', 'pause'),
  fc.record({
    do: fc.constant('crash' as const),
    forMs: short,
    write: fc.constantFrom('lost' as const, 'torn' as const, 'stored' as const),
    writing: fc.boolean(),
  }),
  fc.record({ do: fc.constant('roll-back' as const), forMs: short, batches: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant('damage' as const), channel: fc.nat(1) }),
  fc.record({ do: fc.constant('drain' as const), forMs: short, burst: fc.nat(3) }),
  fc.record({ do: fc.constant('close-all' as const) }),
)

const at = fc
  .tuple(fc.nat(MOMENTS), fc.oneof(fc.nat(10), fc.nat(MOMENT_MS)))
  .map(([moment, after]) => moment * MOMENT_MS + after)
const timed = (deed: fc.Arbitrary<Deed>): fc.Arbitrary<Step> =>
  fc.tuple(at, deed).map(([when, what]) => ({ at: when, ...what }))

const clients: fc.Arbitrary<readonly ClientPlan[]> = fc
  .array(
    fc.record({
      user: fc.nat(2),
      twin: fc.nat(5).map((one) => one === 5),
      reads: fc.uniqueArray(channel, { maxLength: CHANNELS.length }),
    }),
    { minLength: CLIENTS, maxLength: CLIENTS },
  )
  .map((all) => all.map((one, index) => ({ ...one, twin: one.twin && index > 0 })))

/** Plans. */
export const plans: fc.Arbitrary<Plan> = fc
  .record({
    seed: fc.nat(2 ** 30),
    clients,
    latencyMs: fc.constantFrom<Plan['latencyMs']>([0, 0], [1, 5], [20, 40], [5, 400], [300, 1_500]),
    flushMs: fc.constantFrom(1, 5, 60, 700),
    history: fc.record({ size: fc.constantFrom(3, 40, 1_000), ttlMs: fc.constantFrom(8_000, 86_400_000) }),
    outboxBytes: fc.constantFrom(1_024, 16_384, 1_048_576),
    tokenMs: fc.constantFrom(60_000, 3_600_000),
    on: fc.subarray([...FAULTS]),
    work: fc.array(timed(work), { minLength: 1, maxLength: 60, size: '+1' }),
    faults: fc.array(timed(fault), { maxLength: 40, size: '+1' }),
  })
  .map(({ on, work: done, faults, ...plan }) => {
    const failing = faults.filter((step) => (on as readonly string[]).includes(step.do))
    return { ...plan, steps: [...done, ...failing].sort((a, b) => a.at - b.at) }
  })
