import { array, asyncProperty, check, constant, constantFrom, integer, oneof, record } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Rivalry } from '../client/connection/rivalry.ts'
import { MemoryLeases } from '../server/broker/memory/memory-leases.ts'
import { broken } from './broken.ts'
import type { VirtualClient } from './virtual-client.ts'
import { World } from './world.ts'

const SERVER = {
  authenticate: ({ token }: { token?: string | undefined }) => (token === undefined ? null : { user: token }),
}
/** All that goes on for a while is over by then: waits, connect timeouts, leases of the dead. */
const SETTLED_MS = 10 * 60_000

/** One thing that happens to the owners of one browser, or of several with the same name. */
type Deed =
  | { deed: 'open' | 'cut' | 'stall' | 'restore' | 'leave' | 'restart'; owner: number }
  | { deed: 'wait' | 'freeze' | 'standstill'; ms: number; owner: number }

const owner = integer({ min: 0, max: 3 })
const DEED = oneof(
  record({ deed: constant('open' as const), owner }),
  record({ deed: constantFrom('cut', 'stall', 'restore', 'leave', 'restart'), owner }),
  record({ deed: constant('wait' as const), owner, ms: integer({ min: 0, max: 4_000 }) }),
  record({ deed: constantFrom('freeze', 'standstill'), owner, ms: integer({ min: 0, max: 60_000 }) }),
)

/** A world of owners that all claim one place. */
function setUp(seed: number) {
  const world = new World({ seed, server: SERVER, latencyMs: [1, 400] })
  const owners: VirtualClient[] = []
  const wrong: string[] = []
  /** Places that two connections have at once. */
  const look = (): void => {
    const names = [...world.server.node.registry.all()].flatMap(({ phase, claims = [] }) =>
      phase === 'connected' ? claims : [],
    )
    if (new Set(names).size !== names.length) wrong.push('two connections in one place')
  }
  const run = async (ms: number): Promise<void> => {
    for (let at = 0; at < ms; at += 1_000) {
      await world.run(Math.min(1_000, ms - at))
      look()
    }
  }
  return { world, owners, wrong, look, run }
}

async function happen({ world, owners, run }: ReturnType<typeof setUp>, deed: Deed): Promise<void> {
  const one = owners[deed.owner % Math.max(1, owners.length)]
  if (deed.deed === 'open' && owners.length < 4) {
    const next = world.client({ getToken: () => 'ada', browser: 'copied', slot: 'shared' })
    owners.push(next)
    void next.client.connect()
  }
  if (deed.deed === 'wait') await run(deed.ms)
  if (deed.deed === 'freeze') one?.freeze(deed.ms)
  if (deed.deed === 'standstill') world.server.stall(deed.ms)
  if (deed.deed === 'restart') world.restart(500)
  if (deed.deed === 'cut') one?.link?.cut()
  if (deed.deed === 'stall') one?.link?.stall()
  if (deed.deed === 'restore') one?.link?.restore()
  if (deed.deed === 'leave') one?.client.disconnect()
}

/** Lets things happen, then nothing more. Answers what is wrong once all is quiet. */
async function play(seed: number, deeds: readonly Deed[]): Promise<string[]> {
  const setting = setUp(seed)
  const { world, owners, wrong, look, run } = setting
  for (const deed of deeds) {
    await happen(setting, deed)
    look()
  }
  await run(SETTLED_MS)
  const { server } = world
  const before = server.closes.length
  await run(SETTLED_MS)
  const ends = server.closes.slice(before).map(({ code }) => code)
  if (ends.length > 0) wrong.push(`no rest: ${ends.join()}`)
  for (const { client } of owners)
    if (!['connected', 'disconnected'].includes(client.status)) wrong.push(`an owner is ${client.status}`)
  const wanted = owners.filter(({ client }) => client.status !== 'disconnected').length
  if (server.node.registry.connected !== wanted) wrong.push(`${server.node.registry.connected} for ${wanted} owners`)
  return wrong
}

describe('owners that claim one place', () => {
  /** What goes wrong, after as few deeds as can be found. */
  const search = async (): Promise<string | null> => {
    const anything = asyncProperty(
      integer({ min: 1, max: 1_000 }),
      array(DEED, { maxLength: 14 }),
      async (seed, deeds) => {
        expect(await play(seed, deeds)).toEqual([])
      },
    )
    const { counterexample } = await check(anything, { numRuns: 100, seed: 5, endOnFailure: true })
    return counterexample && (await play(...counterexample)).join()
  }

  it('ELECT-8: come to rest, each in a place of its own, whatever happens to them', { timeout: 60_000 }, async () => {
    expect(await search()).toBeNull()
  })

  it('ELECT-8: finds owners that insist for ever', { timeout: 60_000 }, async () => {
    const insist: Rivalry['judge'] = (code) => (code === 4501 ? 2_000 : undefined)
    await broken(Rivalry.prototype, 'judge', insist, async () => {
      expect(await search()).toMatch('no rest')
    })
  })

  it('ELECT-8: finds owners that give up', { timeout: 60_000 }, async () => {
    await broken(
      Rivalry.prototype,
      'judge',
      () => undefined,
      async () => {
        expect(await search()).toMatch('an owner is stopped')
      },
    )
  })

  it('RES-6: finds a server that gives a place twice', { timeout: 60_000 }, async () => {
    await broken(
      MemoryLeases.prototype,
      'claim',
      () => Promise.resolve({ granted: true }),
      async () => {
        expect(await search()).toMatch('two connections in one place')
      },
    )
  })
})
