import { describe, expect, it } from 'vitest'
import { ScriptedServer } from '../../testing/scripted-server.ts'
import { VirtualClient } from '../../testing/virtual-client.ts'
import { VirtualTime } from '../../testing/virtual-time.ts'

function connected(closeAfterMs = 20_000) {
  const time = new VirtualTime()
  const server = new ScriptedServer(time)
  const world = new VirtualClient(time, { dial: server.dial, hidden: { closeAfterMs } })
  const { client } = world
  client.subscribe('news')
  time.advance(0)
  server.accept()
  return { time, server, world, client }
}

describe('a client whose pages are hidden', () => {
  it('LIFE-4: closes after the time set, and is back with its session when looked at', () => {
    const { time, server, world, client } = connected()
    server.take()
    world.hint('hidden')
    time.advance(10_000)
    world.hint('hidden')
    time.advance(9_999)
    expect(client.status).toBe('connected')
    time.advance(1)
    expect([client.status, client.cause?.reason]).toEqual(['asleep', 'nobody looks'])
    expect(server.take().at(-1)).toEqual({ type: 'disconnect', end: false })
    time.advance(3_600_000)
    expect([client.status, world.armed]).toEqual(['asleep', false])
    world.hint('visible')
    expect(server.accept()).toMatchObject({ session: { id: 's1' }, subscriptions: [{ channel: 'news' }] })
    time.advance(3_600_000)
    expect(client.status).not.toBe('asleep')
  })

  it('LIFE-4: publishes while it sleeps, and then sleeps again', () => {
    const { time, server, world, client } = connected()
    world.hint('hidden')
    time.advance(20_000)
    void client.publish('news', 1).catch(() => {})
    time.advance(3_000)
    server.accept()
    const publish = server.take().find(({ type }) => type === 'publish')
    server.say({ type: 'published', id: publish?.['id'] as number, position: { epoch: 'e', offset: 1 } })
    expect(client.status).toBe('connected')
    time.advance(20_000)
    expect(client.status).toBe('asleep')
  })

  it('LIFE-4: does not fall asleep with a publish that was not answered', () => {
    const { time, server, world, client } = connected()
    world.hint('hidden')
    time.advance(19_999)
    void client.publish('news', 1).catch(() => {})
    time.advance(3_000)
    expect(server.accept()).toMatchObject({ type: 'connect' })
  })

  it('LIFE-4: stays ended when the app had ended it', () => {
    const { time, world, client } = connected()
    world.hint('hidden')
    client.disconnect()
    time.advance(20_000)
    world.hint('visible')
    time.advance(20_000)
    expect([client.status, world.dials]).toEqual(['disconnected', 1])
  })

  it('LIFE-4: stays connected while it is looked at now and then', () => {
    const { time, server, world, client } = connected()
    for (let times = 0; times < 5; times++) {
      world.hint('hidden')
      time.advance(15_000)
      world.hint('visible')
      server.say({ type: 'pong' })
    }
    expect([client.status, world.dials]).toEqual(['connected', 1])
  })
})
