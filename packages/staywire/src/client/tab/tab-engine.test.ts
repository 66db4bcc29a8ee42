import { expect, it } from 'vitest'
import { alone } from '../owner/alone.ts'
import { ScriptedServer } from '../../testing/scripted-server.ts'
import { VirtualClient } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'
import type { HeldOwner } from '../owner/port.ts'
import { loaded } from './loaded.ts'

const SETTINGS = { connectTimeoutMs: 10_000, transports: ['websocket'], term: 1, hello: {} } as const

/** A client whose connection is loaded when the test says so, and how often it was asked for. */
function setUp() {
  const time = new VirtualTime()
  const server = new ScriptedServer(time)
  const virtual = new VirtualClient(time, { dial: server.dial })
  const { client, engine } = virtual
  const asked: { come(): Promise<void>; fail(): Promise<void> }[] = []
  const undone: string[] = []
  const statuses: string[] = []
  client.on('status', (status) => statuses.push(status))
  const load = (): Promise<() => HeldOwner> => {
    let resolve: (make: () => HeldOwner) => void = () => {}
    let reject: (error: Error) => void = () => {}
    const promise = new Promise<() => HeldOwner>((...both) => ([resolve, reject] = both))
    const settled = async (act: () => void): Promise<void> => {
      act()
      for (let turn = 0; turn < 8; turn++) await Promise.resolve()
      time.advance(0)
    }
    const make = (): HeldOwner =>
      Object.assign(alone(engine, virtual, SETTINGS), { stop: () => undone.push('stopped') })
    asked.push({ come: () => settled(() => resolve(make)), fail: () => settled(() => reject(new Error('404'))) })
    return promise
  }
  engine.load(() => loaded(engine, load))
  return { time, server, virtual, client, engine, asked, statuses, undone }
}

it('asks for the connection once it is wanted, and then states what was wanted meanwhile', async () => {
  const { client, asked, server, statuses } = setUp()
  expect(asked).toEqual([])
  client.subscribe('news')
  void client.connect()
  expect([asked.length, statuses, server.links]).toEqual([1, ['connecting'], []])
  await asked[0]?.come()
  expect(server.take()).toMatchObject([{ type: 'connect', subscriptions: [{ channel: 'news' }] }])
})

it('asks again, later and later, when it could not be loaded', async () => {
  const { time, client, asked, statuses } = setUp()
  client.subscribe('news')
  await asked[0]?.fail()
  expect([statuses, client.cause?.reason]).toEqual([
    ['connecting', 'waiting'],
    'a part of the library could not be loaded: Error: 404',
  ])
  time.advance(1_000)
  await asked[1]?.fail()
  time.advance(1_000)
  expect(asked).toHaveLength(2)
  time.advance(1_000)
  await asked[2]?.come()
  expect(client.status).toBe('connecting')
})

it('a client that was disconnected or closed meanwhile stays so', async () => {
  const { client, asked, server, time } = setUp()
  void client.connect()
  client.disconnect()
  await asked[0]?.come()
  expect([client.status, server.links]).toEqual(['disconnected', []])
  const failed = setUp()
  void failed.client.connect()
  await failed.asked[0]?.fail()
  failed.client.disconnect()
  failed.time.advance(60_000)
  const closed = setUp()
  void closed.client.connect()
  closed.client.close()
  await closed.asked[0]?.come()
  expect([failed.asked.length, failed.client.status, closed.server.links]).toEqual([1, 'disconnected', []])
  expect([time.pending, failed.time.pending, closed.time.pending]).toEqual([0, 0, 0])
})

it('what was loaded is undone when the client closes, or gets another owner', async () => {
  const { client, engine, asked, undone } = setUp()
  void client.connect()
  await asked[0]?.come()
  engine.load(() => new Promise(() => {}))
  expect(undone).toEqual(['stopped'])
  client.close()
  expect(undone).toEqual(['stopped'])
})
