// How connections end.

import { expect, it } from 'vitest'
import { CLOSE } from 'staywire/protocol'
import { hostForTest } from './harness/host.ts'

it('CLOSE-1: the host may close with a code of the table or one of its own, and with no other', async () => {
  const { connect, server } = await hostForTest()
  for (const code of [...Object.values(CLOSE).map((row) => row.code), 4600, 4999]) {
    const peer = await connect('ada')
    expect(await server.connections.close(peer.connected['connection'] as string, { code })).toBe(true)
    expect((await peer.ended).code).toBe(code)
  }
  const peer = await connect('ada')
  for (const code of [1000, 1006, 3000, 4000, 4999.5, 5000])
    await expect(server.connections.close(peer.connected['connection'] as string, { code })).rejects.toMatchObject({
      code: 'bad-option',
    })
  await peer.settle()
})

it('CLOSE-9: `closeAll` closes everybody with 4107, announced', async () => {
  const { connect, server } = await hostForTest()
  const peers = [await connect('ada'), await connect('bob'), await connect('eve')]
  for (const peer of peers) await peer.settle()
  expect(await server.connections.closeAll()).toBe(3)
  for (const peer of peers) {
    expect((await peer.ended).code).toBe(4107)
    expect(peer.inbox).toMatchObject([{ type: 'disconnect', code: 4107 }])
  }
  expect(server.stats().connections).toBe(0)
})

it('CLOSE-9: `closeAll` with a rate spreads the closes', async () => {
  const { connect, server } = await hostForTest()
  const peers = await Promise.all(Array.from({ length: 6 }, (_, n) => connect(`user${n}`)))
  const since = performance.now()
  const times = peers.map((peer) => peer.ended.then(() => performance.now() - since))
  await server.connections.closeAll({ perSecond: 5 })
  expect(Math.max(...(await Promise.all(times)))).toBeGreaterThan(700)
})

it('CLOSE-9: a drain closes everybody with 4101, spread, and resolves when nobody is left', async () => {
  const { connect, server } = await hostForTest()
  const peers = await Promise.all(Array.from({ length: 10 }, (_, n) => connect(`user${n}`)))
  const since = performance.now()
  const times = peers.map((peer) => peer.ended.then(({ code }) => ({ code, at: performance.now() - since })))
  await server.drain({ overMs: 1_000 })
  const endings = await Promise.all(times)
  expect(endings.map(({ code }) => code)).toEqual(Array(10).fill(4101))
  for (const peer of peers) expect(peer.inbox.at(-1)).toMatchObject({ type: 'disconnect', code: 4101 })
  const spread = endings.map(({ at }) => at)
  expect(Math.max(...spread) - Math.min(...spread)).toBeGreaterThan(300)
  expect(Math.max(...spread)).toBeLessThan(2_500)
  expect(server.stats().connections).toBe(0)
})

it('CLOSE-10: reasons are short and hold nothing that a client sent', async () => {
  const { connect, open, server } = await hostForTest()
  const marker = 'SENT-BY-THE-CLIENT'
  for (const text of [`${marker} not json`, `"${marker}"`, `["${marker}"]`]) {
    const peer = await connect('ada')
    peer.send(text)
    const { reason } = await peer.ended
    expect(reason).not.toContain(marker)
    expect(JSON.stringify(peer.inbox)).not.toContain(marker)
    expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
  }
  const early = await open()
  early.send({ type: marker })
  expect((await early.ended).reason).not.toContain(marker)
  const peer = await connect('ada')
  await server.connections.close(peer.connected['connection'] as string, { code: 4502, reason: 'ü'.repeat(200) })
  const { code, reason } = await peer.ended
  expect(code).toBe(4502)
  expect(Buffer.byteLength(reason)).toBeLessThanOrEqual(123)
  expect(reason).toMatch(/^ü*$/)
})

it('CLOSE-9: who is sent away is told when to come back, where the host says when', async () => {
  const { connect, server } = await hostForTest()
  const [moved, drained] = [await connect('ada'), await connect('bob')]
  await server.connections.closeAll({ retryAfterMs: 3_000 })
  expect(await moved.take('disconnect')).toMatchObject({ code: 4107, retryAfterMs: 3_000 })
  expect(await drained.take('disconnect')).toMatchObject({ code: 4107, retryAfterMs: 3_000 })
  const last = await connect('eve')
  await server.drain({ retryAfterMs: 5_000 })
  expect(await last.take('disconnect')).toMatchObject({ code: 4101, retryAfterMs: 5_000 })
  await expect(server.drain({ retryAfterMs: -1 })).rejects.toMatchObject({ code: 'bad-option' })
})

it('CLOSE-12: `disconnect` is answered by a close with 1000', async () => {
  const { connect, server } = await hostForTest()
  const peer = await connect('ada')
  await peer.settle()
  peer.send({ type: 'disconnect' })
  expect((await peer.ended).code).toBe(1000)
  await expect.poll(() => server.stats().connections).toBe(0)
})

it('SUB-12: after everybody left every gauge is 0', async () => {
  const { connect, server } = await hostForTest()
  const peers = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      connect(`user${n}`, {
        subscriptions: [{ channel: `live:${n % 3}` }, { channel: 'room:1', presence: 'members' }],
      }),
    ),
  )
  for (const peer of peers) await peer.settle()
  expect(server.stats()).toMatchObject({ connections: 20, users: 20, sessions: 20 })
  peers.forEach((peer, n) => (n % 2 === 0 ? peer.drop() : peer.send({ type: 'disconnect', end: true })))
  await expect
    .poll(() => server.stats(), { timeout: 20_000 })
    .toMatchObject({ connections: 0, connecting: 0, users: 0, subscriptions: 0, outboxBytes: 0 })
  expect(await server.connections.list()).toEqual([])
})
