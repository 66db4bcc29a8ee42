import { describe, expect, it } from 'vitest'
import { defineChannel } from '../protocol/define-channel.ts'
import type { Schema } from '../protocol/schema.ts'
import { connected, scripted } from '../testing/scripted-server.ts'

describe('what cannot be tried', () => {
  it('CHAN-1: subscribing to a name that is none throws bad-channel, publishing to it rejects', async () => {
    const { client } = scripted()
    for (const name of ['', 'a b', 'a::b', 'x'.repeat(129), 7 as never]) {
      expect(() => client.subscribe(name)).toThrow(expect.objectContaining({ code: 'bad-channel' }))
      await expect(client.publish(name, 1)).rejects.toMatchObject({ code: 'bad-channel' })
    }
  })

  it('publishing what is not JSON rejects and harms nothing', async () => {
    const { client, server } = connected()
    const circular: { self?: unknown } = {}
    circular.self = circular
    await expect(client.publish('a', circular)).rejects.toThrow('circular')
    await expect(client.publish('a', 10n)).rejects.toThrow('BigInt')
    void client.publish('a', 1)
    expect(server.take()).toMatchObject([{ data: 1 }])
  })
})

describe('the checks of channels', () => {
  const check = (validate: Schema<{ text: string }>['~standard']['validate']) =>
    defineChannel('chat:*', { data: { '~standard': { version: 1, vendor: 'test', validate } } })
  const text = check((value) =>
    typeof (value as { text?: unknown }).text === 'string'
      ? { value: value as { text: string } }
      : { issues: [{ message: 'required', path: ['text'] }] },
  )

  it('refuse data before it is sent, in channels of their pattern', async () => {
    const { client, server } = connected({ channels: [text as never] })
    await expect(client.publish('chat:1', { words: 'x' })).rejects.toMatchObject({
      code: 'invalid-data',
      message: expect.stringContaining('text: required'),
    })
    expect(server.take()).toEqual([])
    void client.publish('chat:1', { text: 'x' })
    void client.publish('other', { words: 'x' })
    expect(server.take()).toMatchObject([{ channel: 'chat:1' }, { channel: 'other' }])
  })

  it('may take their time', async () => {
    const slow = check((value) => Promise.resolve({ value: value as { text: string } }))
    const { client, server } = connected({ channels: [slow as never] })
    void client.publish('chat:1', { text: 'x' })
    expect(server.take()).toEqual([])
    await Promise.resolve()
    await Promise.resolve()
    await Promise.resolve()
    expect(server.take()).toMatchObject([{ type: 'publish', data: { text: 'x' } }])
  })
})

describe('what a client says of itself', () => {
  it('stats count frames and bytes both ways', () => {
    const { client, server } = connected()
    const before = client.stats()
    server.say({ type: 'publication', channel: 'a', data: 'ü', at: 1 })
    const { framesReceived, bytesReceived, framesSent } = client.stats()
    expect(framesReceived - before.framesReceived).toBe(1)
    expect(bytesReceived - before.bytesReceived).toBe(
      Buffer.byteLength('{"type":"publication","channel":"a","data":"ü","at":1}'),
    )
    expect(framesSent).toBe(2)
  })

  it('inspect shows what each part of the app holds', async () => {
    const { client } = connected()
    client.subscribe('a', undefined, { label: 'Feed' })
    client.subscribe('b', undefined, { label: 'Feed' })
    const gone = client.subscribe('c', undefined, { label: 'Board' })
    client.subscribe('a')
    gone.unsubscribe()
    const { connections, tabs } = await client.inspect()
    expect(connections).toEqual([client.stats().connection])
    expect(tabs.flatMap(({ pages }) => pages.flatMap(({ components }) => components))).toEqual([
      {
        label: 'Feed',
        subscriptions: [
          { channel: 'a', state: 'pending' },
          { channel: 'b', state: 'pending' },
        ],
      },
      { label: undefined, subscriptions: [{ channel: 'a', state: 'pending' }] },
    ])
  })

  it('errors are kept, the last 100, oldest first', () => {
    const { time, client, server } = connected()
    server.reachable = false
    server.cut()
    for (let dials = 0; dials < 120; dials++) time.advance((client.stats().retryAt ?? 0) - time.now)
    const errors = client.errors()
    expect(errors).toHaveLength(100)
    expect(errors.map(({ at }) => at)).toEqual(errors.map(({ at }) => at).toSorted((a, b) => a - b))
  })

  it('every change of status is told once, with its cause', () => {
    const { time, server, client, statuses } = connected()
    const errors: string[] = []
    const undo = client.on('error', ({ reason, evidence }) => errors.push(`${reason} (${evidence.phase})`))
    server.close(4101, 'shutting down')
    time.advance(1_300)
    server.accept()
    undo()
    server.close(4102, 'no pong')
    expect(statuses).toEqual([
      'connecting',
      'connected',
      'waiting: shutting down',
      'connecting: shutting down',
      'connected',
      'waiting: no pong',
    ])
    expect(errors).toEqual(['shutting down (early)'])
  })

  it('a listener may end what it hears about', () => {
    const { server, client, statuses } = connected()
    client.on('status', (status) => {
      if (status === 'waiting') client.disconnect()
    })
    server.close(4101)
    expect(client.status).toBe('disconnected')
    expect(statuses.slice(2)).toEqual(['waiting: because', 'disconnected: disconnected by the app'])
  })

  it('FRAME-2, FRAME-4: garbage and frames of a newer version are ignored', () => {
    const { server, client, world } = connected()
    for (const text of [
      '',
      'null',
      '[]',
      '{"type":7}',
      '{"type":"hologram","id":1}',
      '{"type":"publication","channel":"a"}',
      '{"type":"published","id":999}',
      '{"type":"result","id":999}',
      '{"type":"error","code":"x","message":"","temporary":false}',
    ]) {
      server.link.send('server', text)
    }
    server.say({ type: 'connected' } as never, { type: 'join', channel: 'nobody', memberCount: 1, presenceVersion: 1 })
    expect([client.status, world.failures]).toEqual(['connected', []])
  })
})
