import { pino } from 'pino'
import type { ConnectionFacts } from 'staywire/server'
import { beforeEach, expect, it } from 'vitest'
import { EventLog } from './event-log.ts'

const facts: ConnectionFacts = {
  connection: 'c1',
  user: 'ada\n{"forged":true}',
  address: '203.0.113.7',
  transport: 'websocket',
  origin: { label: 'demo' },
  connectedAt: 1_000,
}
let now = 0
let lines: string[] = []
let log: EventLog
beforeEach(() => {
  now = 0
  lines = []
  log = new EventLog(
    pino({ base: null, timestamp: false }, { write: (line: string) => void lines.push(line) }),
    () => now,
  )
})

const written = (): unknown[] => lines.map((line) => JSON.parse(line) as unknown)

it('writes one line at connect and one at close, with the cause in words', () => {
  log.report({ type: 'connected', facts, resumed: false })
  const { user, address, transport } = facts
  const traffic = { bytesIn: 120, bytesOut: 3_400, lastReceived: ['connect'], lastSent: ['connected'] } as const
  log.report({
    type: 'closed',
    connection: 'c1',
    facts,
    address,
    transport,
    code: 4103,
    reason: 'slow consumer',
    by: 'server',
    at: 61_000,
    durationMs: 60_000,
    ...traffic,
  })
  expect(written()).toEqual([
    { level: 30, ...facts, resumed: false, msg: 'connected' },
    {
      level: 30,
      connection: 'c1',
      user,
      address,
      transport: 'websocket',
      durationMs: 60_000,
      bytesIn: 120,
      bytesOut: 3_400,
      code: 4103,
      class: 'connection',
      reason: 'slow consumer',
      by: 'server',
      cause: expect.stringMatching(/too slowly/) as string,
      msg: 'closed',
    },
  ])
})

it('writes one line for what a limit refused or evicted, and none at all for most of a flood', () => {
  const { user, address } = facts
  const met = {
    type: 'limited',
    limit: 'connectionsPerUser',
    outcome: 'refused',
    connection: 'c2',
    user,
    address,
  } as const
  log.report(met)
  const closed = {
    type: 'closed',
    connection: 'c2',
    address,
    transport: 'websocket',
    reason: 'user limit',
    by: 'server',
  } as const
  log.report({
    ...closed,
    code: 4204,
    at: 1_000,
    durationMs: 0,
    bytesIn: 1,
    bytesOut: 1,
    lastReceived: [],
    lastSent: [],
  })
  const { type: _, ...told } = met
  expect(written()).toEqual([{ level: 40, ...told, msg: 'limit met' }])
  for (let n = 0; n < 1_000; n++) log.report({ ...met, limit: 'framesPerSecond', connection: `c${n}` })
  expect(lines.length).toBe(20)
  now = 1_000
  log.report(met)
  expect(written().at(-1)).toMatchObject({ suppressed: 981 })
})

it('writes a warning for each missed ping, with its count', () => {
  const { user, address } = facts
  log.report({ type: 'ping-missed', connection: 'c1', user, address, missed: 2 })
  expect(written()).toEqual([{ level: 40, connection: 'c1', user, address, missed: 2, msg: 'ping missed' }])
})

it('writes one line per sweep that ended connections, and none about sessions alone', () => {
  log.report({ type: 'swept', connections: 3, sessions: 1 })
  log.report({ type: 'swept', connections: 0, sessions: 9 })
  expect(written()).toEqual([{ level: 30, connections: 3, sessions: 1, msg: 'swept' }])
})

it('writes a few lines a second about peers that do not answer, and none about those that do', () => {
  const fail = () => log.report({ type: 'forwarded', to: 'b', outcome: 'failed', cause: 'ECONNREFUSED' })
  log.report({ type: 'forwarded', to: 'b', outcome: 'answered' })
  for (let n = 0; n < 100; n++) fail()
  expect(written()).toHaveLength(5)
  now = 1_000
  fail()
  const line = { level: 40, to: 'b', cause: 'ECONNREFUSED', suppressed: 95, msg: 'peer does not answer' }
  expect(written().at(-1)).toEqual(line)
})

it('lets nobody break a line', () => {
  log.report({ type: 'connected', facts, resumed: false })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.trimEnd()).not.toContain('\n')
})

it('writes at most 20 lines a second about strangers, and how many it left out', () => {
  const refuse = () => log.report({ type: 'refused', status: 403, cause: 'origin', address: '203.0.113.7' })
  for (let count = 0; count < 100; count++) refuse()
  expect(lines).toHaveLength(20)
  now = 1_000
  refuse()
  expect(written().at(-1)).toMatchObject({ status: 403, cause: 'origin', suppressed: 80 })
})

it('writes a few lines a second about failures, and how many it left out', () => {
  for (let n = 0; n < 100; n++)
    log.report({ type: 'application-error', where: 'authenticate', error: new Error('down') })
  const few = lines.length
  expect(few).toBeLessThan(10)
  now = 1_000
  log.report({ type: 'application-error', where: 'authenticate', error: new Error('down') })
  expect(written().at(-1)).toMatchObject({ where: 'authenticate', suppressed: 100 - few, msg: 'failed' })
})
