import { describe, expect, it } from 'vitest'
import type { Connection } from '../connection/connection.ts'
import type { Claims } from '../connection/ask.ts'
import type { Claimed, Leases } from '../broker/broker.ts'
import { MemoryLeases } from '../broker/memory/memory-leases.ts'
import { resolveLimits } from '../guard/limit-settings.ts'
import { Seats } from '../guard/seats.ts'
import { Admission } from './admission.ts'
import { Sessions } from './sessions.ts'

const nothing: Claims = { session: undefined, fence: undefined, slot: undefined, browser: undefined }

function setUp(connections = 10, leases: Leases = new MemoryLeases(() => 0, 100)) {
  const beaten: unknown[] = []
  const limited: unknown[] = []
  const sessions = new Sessions(1_000, 10, (a, b) => a === b)
  let minted = 0
  const admission = new Admission({
    node: 'n1',
    sessions,
    leases,
    mint: { id: () => `id${++minted}`, secret: () => `secret${++minted}` },
    ttlMs: 1_000,
    seats: new Seats(resolveLimits({ connections })),
    isBanned: (user) => user === 'mallory',
    beaten: (holder, term) => void beaten.push([holder, term]),
    limited: ({ id }, limit, outcome) => void limited.push([id, limit, outcome]),
  })
  const come = (id: string, more: object = {}): Connection =>
    ({ id, bare: false, phase: 'authenticating', addressGroup: '192.0.2.1', ...more }) as unknown as Connection
  const admit = (connection: Connection, claims: Partial<Claims> = {}, user = 'ada') =>
    admission.admit(connection, { user }, { ...nothing, ...claims })
  return { admission, sessions, beaten, limited, come, admit }
}

describe('admission', () => {
  it('RES-1, RES-2: gives a new session, and the same one to who brings its id and secret', async () => {
    const { admission, sessions, come, admit } = setUp()
    const first = come('c1')
    const { session, resumed } = (await admit(first)) as { session: { id: string; secret: string }; resumed: boolean }
    expect([session.id.startsWith('n1.'), resumed]).toEqual([true, false])
    admission.dismiss(first, { code: 4107, reason: 'moved', at: 5 }, false, 5)
    const again = await admit(come('c2'), { session })
    expect(again).toMatchObject({ session: { id: session.id }, resumed: true, previous: { code: 4107 } })
    expect(await admit(come('c3'), { session }, 'eve')).toMatchObject({ resumed: false })
    expect(sessions.size).toBe(2)
  })

  it('RES-5, RES-6: the higher fence stays in whatever order claims arrive, and the loser is told by whom', async () => {
    const { beaten, come, admit } = setUp()
    const slot = { slot: 'shared', browser: 'b' }
    expect(await admit(come('c1'), { ...slot, fence: [5, 1] })).toMatchObject({ kind: 'admitted' })
    expect(await admit(come('c2'), { ...slot, fence: [4, 9] })).toEqual({ kind: 'turned-away', code: 4501, term: 5 })
    expect(await admit(come('c3'), { ...slot, fence: [5, 2] })).toMatchObject({ kind: 'admitted' })
    expect(beaten).toEqual([['c1', 5]])
  })

  it('RES-8: what the loser lets go of is not the winner’s', async () => {
    const { admission, come, admit } = setUp()
    const slot = { slot: 'shared', browser: 'b' }
    const [older, newer] = [come('c1'), come('c2')]
    await admit(older, { ...slot, fence: [1, 1] })
    await admit(newer, { ...slot, fence: [1, 2] })
    admission.dismiss(older, undefined, false, 0)
    expect(await admit(come('c3'), { ...slot, fence: [1, 1] })).toMatchObject({ kind: 'turned-away', term: 1 })
    expect(admission.seats).toBe(1)
  })

  it('CONN-13: two who come at once over a limit of one leave one', async () => {
    const { admission, limited, come, admit } = setUp(1)
    const [one, two] = [come('c1'), come('c2')]
    const answers = await Promise.all([admit(one), admit(two)])
    expect(answers).toMatchObject([{ kind: 'admitted' }, { kind: 'turned-away', code: 4202, retryAfterMs: 5_000 }])
    expect(limited).toEqual([['c2', 'connections', 'refused']])
    admission.dismiss(two, undefined, false, 0)
    expect(admission.seats).toBe(1)
    admission.dismiss(one, undefined, false, 0)
    expect(admission.seats).toBe(0)
  })

  it('turns away who is banned, and keeps nothing of them', async () => {
    const { admission, sessions, come, admit } = setUp()
    expect(await admit(come('c1'), {}, 'mallory')).toEqual({ kind: 'turned-away', code: 4503 })
    expect([admission.seats, sessions.size]).toEqual([0, 0])
  })

  it('gives nothing to who is gone by the time their claim is granted', async () => {
    let grant: (claimed: Claimed) => void = () => undefined
    const released: string[] = []
    const leases: Leases = {
      claim: () => new Promise((resolve) => (grant = resolve)),
      release: async (name) => void released.push(name),
    }
    const { admission, sessions, come, admit } = setUp(10, leases)
    const gone = come('c1', { phase: 'closed', bare: true })
    const decided = admit(gone, { fence: [1, 1], slot: 's', browser: 'b' })
    grant({ granted: true })
    expect(await decided).toMatchObject({ kind: 'turned-away' })
    expect([released, admission.seats, sessions.size]).toEqual([['slot:["ada","b","s"]'], 0, 0])
  })

  it('RES-10: a session that is ended while its places are claimed is not brought back', async () => {
    let grant: (claimed: Claimed) => void = () => undefined
    let wait = false
    const leases: Leases = {
      claim: () => (wait ? new Promise((resolve) => (grant = resolve)) : Promise.resolve({ granted: true })),
      release: async () => undefined,
    }
    const { admission, sessions, come, admit } = setUp(10, leases)
    const first = come('c1')
    const { session } = (await admit(first)) as { session: { id: string; secret: string } }
    admission.dismiss(first, undefined, false, 0)
    wait = true
    const decided = admit(come('c2'), { session, fence: [1, 1] })
    sessions.endWhere(({ id }) => id === session.id)
    grant({ granted: true })
    expect(await decided).toEqual({ kind: 'turned-away', code: 4107 })
    expect([sessions.size, admission.seats]).toEqual([0, 0])
  })

  it('BARE-3: gives a bare client a seat and no session', async () => {
    const { sessions, come, admit } = setUp()
    expect(await admit(come('c1', { bare: true }))).toMatchObject({ session: undefined, resumed: false })
    expect(sessions.size).toBe(0)
  })

  it('keeps the names of places apart, whatever users and browsers are called', async () => {
    const { come, admit } = setUp()
    expect(await admit(come('c1'), { fence: [2, 1], slot: 's', browser: 'x/y' }, 'a')).toMatchObject({
      kind: 'admitted',
    })
    expect(await admit(come('c2'), { fence: [1, 1], slot: 's', browser: 'y' }, 'a/x')).toMatchObject({
      kind: 'admitted',
    })
  })
})
