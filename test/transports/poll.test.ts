// Long polls over real HTTP: batches, acknowledgements, and what waits for a client that is between two polls.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Wire } from '../conformance/harness/conversation.ts'
import { hostForTest, type Host } from '../conformance/harness/host.ts'

interface Batch {
  readonly seq: number
  readonly frames: readonly Wire[]
}
interface Answer extends Batch {
  readonly status: number
  readonly type?: string
  readonly code?: string | number
}

async function post(host: Host, path: string, body: unknown): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${host.port}/realtime${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, ...((await response.json()) as Batch) }
}

/** Connects and takes what comes at once; answers how to poll on. */
async function start(host: Host, channel = 'live:a') {
  const subscriptions = [{ channel }]
  const first = await post(host, '/poll', { type: 'connect', id: 1, token: 'ada', subscriptions })
  const connected = first.frames[0] as Wire
  const { id: session, secret } = connected['session'] as { id: string; secret: string }
  const credentials = { connection: connected['connection'], session, secret }
  const poll = (ack: number): Promise<Answer> => post(host, '/poll', { ...credentials, ack })
  let seq = first.seq
  for (let got = first.frames.length; got < 3;) {
    const next = await poll(seq)
    seq = next.seq
    got += next.frames.length
  }
  return { first, credentials, poll, seq }
}

const data = ({ frames }: Batch): unknown[] => frames.map((frame) => frame['data'])

describe('a polling client', () => {
  it('POLL-1: gets its connection with the first batch', async () => {
    const host = await hostForTest()
    const { first } = await start(host)
    expect(first).toMatchObject({ status: 200, seq: 1 })
    expect(first.frames[0]).toMatchObject({ type: 'connected', id: 1, user: 'ada', resumed: false })
    expect((await host.server.connections.list())[0]).toMatchObject({ transport: 'poll' })
  })

  it('POLL-2: is answered as soon as there is something, all that came together at once', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    const waiting = poll(seq)
    await sleep(50)
    await Promise.all([1, 2, 3].map((n) => host.server.publish('live:a', n)))
    const answer = await waiting
    expect(answer.seq).toBe(seq + 1)
    expect(data(answer)).toEqual([1, 2, 3])
  })

  it('POLL-2: is answered without frames when nothing came for long enough', async () => {
    const host = await hostForTest({ heartbeat: { enabled: false, intervalMs: 200 } })
    const { poll, seq } = await start(host)
    const since = performance.now()
    expect(await poll(seq)).toEqual({ status: 200, seq, frames: [] })
    expect(performance.now() - since).toBeGreaterThan(180)
  })

  it('POLL-3: gets a batch again until it acknowledges it, and nothing before that', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    await host.server.publish('live:a', 'one')
    const [once, more] = [await poll(seq), host.server.publish('live:a', 'two')]
    await more
    expect(await poll(seq)).toEqual(once)
    expect(await poll(seq)).toEqual(once)
    const next = await poll(once.seq)
    expect([data(once), data(next), next.seq]).toEqual([['one'], ['two'], seq + 2])
  })

  it('POLL-4: has one poll, the last', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    const heardAt = async (): Promise<number> => (await host.server.connections.list())[0]?.lastSeenAt ?? 0
    const before = await heardAt()
    await sleep(5)
    const first = poll(seq)
    await expect.poll(heardAt).toBeGreaterThan(before)
    const second = poll(seq)
    expect(await first).toEqual({ status: 200, seq, frames: [] })
    await host.server.publish('live:a', 1)
    expect(data(await second)).toEqual([1])
  })

  it('POLL-5, OUT-2: is told why it was closed by its next poll, then that there is nothing', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    await host.server.user('ada').close()
    expect(host.server.stats()).toMatchObject({ connections: 0, subscriptions: 0 })
    expect((await poll(seq)).frames).toMatchObject([{ type: 'disconnect', code: 4502 }])
    expect(await poll(seq + 1)).toMatchObject({ status: 410, type: 'error', code: 'closed' })
  })

  it('POLL-5: is forgotten when it does not come for what is left', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    await host.server.user('ada').close()
    await sleep(1_100)
    expect(await poll(seq)).toMatchObject({ status: 410 })
  })

  it('POLL-6: gets large answers in parts', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    for (let n = 0; n < 10; n++) await host.server.publish('live:a', 'x'.repeat(60_000))
    const sizes: number[] = []
    for (let at = seq, got = 0; got < 10; got += sizes.at(-1) ?? 0) {
      const batch = await poll(at)
      at = batch.seq
      sizes.push(batch.frames.length)
    }
    expect(sizes).toEqual([4, 4, 2])
    expect(host.server.stats().outboxBytes).toBeGreaterThan(0)
    await Promise.race([poll(seq + 3), sleep(50)])
    expect(host.server.stats().outboxBytes).toBe(0)
  })

  it('POLL-6, OUT-1: is closed as slow when it lets too much wait', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    const ended = new Promise((resolve) => host.server.on('disconnected', (_, close) => resolve(close)))
    for (let n = 0; n < 20; n++) await host.server.publish('live:a', 'x'.repeat(60_000))
    expect(await ended).toEqual({ code: 4103, reason: 'slow consumer', by: 'server' })
    expect(host.server.stats()).toMatchObject({ connections: 0, outboxBytes: 0 })
    await poll(seq)
    expect(await poll(seq)).toMatchObject({ status: 410 })
  })

  it('POLL-7: cannot acknowledge what was never sent', async () => {
    const host = await hostForTest()
    const { poll, seq } = await start(host)
    expect(await poll(seq + 5)).toMatchObject({ status: 409, code: 'bad-frame' })
  })

  it('HB-3: is found dead when it polls no more', async () => {
    const host = await hostForTest({ heartbeat: { intervalMs: 200, timeoutMs: 100 } })
    const ended = new Promise((resolve) => host.server.on('disconnected', (_, close) => resolve(close)))
    await start(host)
    expect(await ended).toEqual({ code: 4102, reason: 'no pong', by: 'server' })
  })
})
