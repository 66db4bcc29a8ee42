import { describe, expect, it } from 'vitest'
import type { ServerEvent } from '../server/observer/observer.ts'
import { Adoption } from './adoption.ts'
import { AdoptedConnection, type Candidate } from './connection.ts'
import type { AdoptionOptions } from './options.ts'
import { AdoptedServer } from './view.ts'

/** An adoption on virtual time, with peers that do nothing by themselves. */
function start(options: AdoptionOptions = {}) {
  let now = 1_000_000
  const events: ServerEvent[] = []
  const done: string[] = []
  const waiting = new Map<string, number>()
  const adoption = new Adoption(options, {
    now: () => now,
    wall: () => now,
    node: 'a',
    observer: { report: (event) => void events.push(event) },
    strangers: () => 0,
  })
  const candidate = (id: string, user: string, address = '192.0.2.1'): Candidate => ({
    id,
    user,
    address,
    transport: 'websocket',
    link: {
      ask: () => void done.push(`ask ${id}`),
      close: ({ code }) => void done.push(`close ${id} ${code}`),
      drop: () => void done.push(`drop ${id}`),
      waitingBytes: () => waiting.get(id) ?? 0,
    },
  })
  const come = (id: string, user: string): AdoptedConnection => {
    const admitted = adoption.admit(candidate(id, user))
    if (admitted instanceof AdoptedConnection) return admitted
    throw new Error(admitted.close.reason)
  }
  const pass = (ms: number): void => {
    for (const until = now + ms; now < until;) {
      now += Math.min(adoption.tickMs, until - now)
      adoption.tick()
    }
  }
  const told = (type: ServerEvent['type']): ServerEvent[] => events.filter((event) => event.type === type)
  return { adoption, server: new AdoptedServer(adoption), candidate, come, pass, told, done, waiting }
}

const NETWORK = { code: 1006, reason: '', by: 'network' } as const

describe('an adoption', () => {
  it('asks who is silent, and drops them after three checks', () => {
    const { adoption, come, pass, done, told } = start()
    const connection = come('1', 'ada')
    pass(89_900)
    expect(done).toEqual(['ask 1', 'ask 1', 'ask 1'])
    pass(200)
    expect(done.at(-1)).toBe('drop 1')
    adoption.ended(connection, NETWORK)
    expect(told('closed')).toMatchObject([{ code: 4102, reason: 'no pong', by: 'server', facts: { user: 'ada' } }])
    expect(told('ping-missed').length).toBe(3)
    expect(adoption.stats()).toMatchObject({ connections: 0, users: 0, held: { links: 0, seats: 0 } })
  })

  it('drops who does not end in order within a second', () => {
    const { server, come, pass, done } = start()
    come('1', 'ada')
    void server.user('ada').close()
    expect(done).toEqual(['close 1 4502'])
    pass(900)
    expect(done).toHaveLength(1)
    pass(300)
    expect(done.at(-1)).toBe('drop 1')
  })

  it('frees the seat of one who is told to go at once, so that nobody else is evicted for it', () => {
    const { adoption, come, done } = start({
      limits: { connectionsPerUser: 2, connectionsPerUserPolicy: 'evict-oldest' },
    })
    come('1', 'ada')
    come('2', 'ada')
    come('3', 'ada')
    come('4', 'ada')
    expect(done).toEqual(['close 1 4507', 'close 2 4507'])
    expect(adoption.stats()).toMatchObject({ held: { seats: 2 }, limited: { connectionsPerUser: 2 } })
  })

  it('evicts who has been idle for longest where the policy says so', () => {
    const { adoption, come, pass, done } = start({
      limits: { connectionsPerUser: 2, connectionsPerUserPolicy: 'evict-idle' },
    })
    const first = come('1', 'ada')
    come('2', 'ada')
    pass(1_000)
    adoption.heard(first, 10)
    come('3', 'ada')
    expect(done).toEqual(['close 2 4507'])
  })

  it('asks about a seat without taking it', () => {
    const { adoption, candidate, come, told } = start({ limits: { connectionsPerUser: 1 } })
    expect(adoption.refusal(candidate('1', 'ada'))).toBeUndefined()
    come('1', 'ada')
    const refusal = adoption.refusal(candidate('2', 'ada'))
    expect(refusal).toMatchObject({ close: { code: 4204 }, limit: 'connectionsPerUser', retryAfterMs: 15_000 })
    if (refusal !== undefined) adoption.refused(candidate('2', 'ada'), refusal)
    expect(told('limited')).toMatchObject([{ outcome: 'refused', connection: '2', user: 'ada' }])
    expect(adoption.stats().held.seats).toBe(1)
  })

  it('ends a slow reader with the message that goes beyond the limit, once', () => {
    const { adoption, come, waiting, done } = start({ limits: { outboxBytes: 2_000 } })
    const connection = come('1', 'ada')
    adoption.sending(connection, 5_000)
    waiting.set('1', 2_000)
    adoption.sending(connection, 1)
    expect(done).toEqual([])
    waiting.set('1', 2_001)
    adoption.sending(connection, 1)
    adoption.sending(connection, 1)
    expect(done).toEqual(['drop 1'])
    expect(adoption.stats().counters).toMatchObject({ slowConsumers: 1, bytesSent: 5_003 })
  })

  it('sends everybody away over a span of time, and keeps out who is banned', async () => {
    const { adoption, server, candidate, come, pass, done } = start()
    for (const id of ['1', '2', '3', '4']) come(id, 'ada')
    expect(await server.connections.closeAll({ perSecond: 2 })).toBe(4)
    expect(done).toEqual(['close 1 4107'])
    pass(1_600)
    expect(done.filter((what) => what.startsWith('close'))).toHaveLength(4)
    expect(await server.user('bob').ban({ forMs: 1_000 })).toBe(0)
    expect(adoption.refusal(candidate('5', 'bob'))).toMatchObject({ close: { code: 4503 } })
    expect(server.bans()).toMatchObject([{ user: 'bob' }])
    pass(1_100)
    expect(adoption.refusal(candidate('5', 'bob'))).toBeUndefined()
  })

  it('says which option cannot be used', async () => {
    expect(() => start({ limits: { connections: 0 } })).toThrow('limits.connections is 0')
    const { server } = start()
    await expect(server.connections.closeAll({ perSecond: 0 })).rejects.toThrow('perSecond')
    await expect(server.user('ada').ban({ forMs: -1 })).rejects.toThrow('forMs')
    await expect(server.user('ada').close({ code: 3 })).rejects.toThrow('is not a code')
  })
})
