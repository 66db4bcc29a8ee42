import { describe, expect, it } from 'vitest'
import { connected } from '../../testing/scripted-server.ts'

const at = (offset: number): { epoch: string; offset: number } => ({ epoch: 'e', offset })

describe('a call', () => {
  it('CALL-1: resolves with the value of its handler', async () => {
    const { client, server } = connected()
    const calling = client.call<number>('add', [2, 3])
    const [frame] = server.take()
    expect(frame).toEqual({ type: 'call', id: expect.any(Number), method: 'add', data: [2, 3] })
    server.say({ type: 'result', id: frame?.['id'] as number, data: 5 })
    await expect(calling).resolves.toBe(5)
  })

  it('rejects with the error of the server, and is not tried again', async () => {
    const { time, client, server } = connected()
    const calling = client.call('add')
    const id = server.take()[0]?.['id'] as number
    server.say({ type: 'error', id, code: 'rate-limited', message: 'slowly', temporary: true, retryAfterMs: 700 })
    await expect(calling).rejects.toMatchObject({ code: 'rate-limited', temporary: true, retryAfterMs: 700 })
    time.advance(10_000)
    expect(server.take()).toEqual([])
  })

  it('of a closed client is not made', async () => {
    const { client } = connected()
    client.close()
    await expect(client.call('add')).rejects.toMatchObject({ code: 'closed' })
  })

  it('gives up after its time, and says whether it was made', async () => {
    const { time, client, server } = connected()
    const ended: Promise<string>[] = []
    const call = (timeoutMs?: number): void => {
      ended.push(
        client.call('slow', undefined, timeoutMs === undefined ? {} : { timeoutMs }).then(
          () => 'done',
          ({ code }: { code: string }) => code,
        ),
      )
    }
    call()
    client.disconnect()
    void client.connect()
    server.accept()
    call(500)
    time.advance(500)
    client.disconnect()
    call(500)
    time.advance(500)
    expect(await Promise.all(ended)).toEqual(['unknown', 'timeout', 'disconnected'])
  })
})

describe('reads', () => {
  it('HIST-1: history gives publications and the position of the channel', async () => {
    const { client, server } = connected()
    const reading = client.history('a', { before: 9, limit: 1 })
    const [frame] = server.take()
    expect(frame).toEqual({ type: 'history', id: expect.any(Number), channel: 'a', before: 9, limit: 1 })
    server.say({
      type: 'result',
      id: frame?.['id'] as number,
      publications: [{ offset: 8, data: 'x', at: 1 }],
      position: at(12),
    })
    await expect(reading).resolves.toEqual({
      publications: [{ channel: 'a', offset: 8, data: 'x', at: 1 }],
      position: at(12),
    })
  })

  it('PRES-5: presence gives members and count', async () => {
    const { client, server } = connected()
    const reading = client.presence('a')
    const [frame] = server.take()
    server.say({
      type: 'result',
      id: frame?.['id'] as number,
      members: [{ user: 'ada' }],
      memberCount: 1,
      presenceVersion: 3,
    })
    await expect(reading).resolves.toMatchObject({ members: [{ user: 'ada' }], count: 1 })
  })
})
