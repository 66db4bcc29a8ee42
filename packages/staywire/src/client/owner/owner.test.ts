import { expect, it } from 'vitest'
import { ScriptedServer } from '../../testing/scripted-server.ts'
import { VirtualClient } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'

it('CONN-4, CLI-6: a subscription that was refused for a while is restated in the next connect, and not asked for before it', () => {
  const time = new VirtualTime()
  const server = new ScriptedServer(time)
  const virtual = new VirtualClient(time, { dial: server.dial, openMs: 5_000 })
  virtual.client.subscribe('news')
  time.advance(5_000)
  server.accept()
  server.say({ type: 'unsubscribed', channel: 'news', code: 'storage-unavailable', reason: 'for a while' })
  server.take()
  server.cut()
  time.advance(7_000)
  expect(server.take()).toMatchObject([{ type: 'connect', subscriptions: [{ channel: 'news' }] }])
  expect(virtual.failures).toEqual([])
})
