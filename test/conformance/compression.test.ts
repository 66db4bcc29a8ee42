// Compressed messages, against a client that speaks permessage-deflate as browsers do.

import { once } from 'node:events'
import type { Socket } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { hostForTest, type Host } from './harness/host.ts'

const LARGE = Array.from({ length: 300 }, (_, n) => ({
  height: n,
  hash: `0x${(n * 2_654_435_761).toString(16)}`,
  ok: true,
}))

interface Deflating {
  readonly socket: WebSocket
  /** What the server agreed to. */
  readonly extensions: string
  /** Frames, with the bytes that had been read from the wire when each came. */
  readonly frames: { type: string; data?: unknown; read: number }[]
}

async function connect(host: Host, user: string, options: object = {}): Promise<Deflating> {
  const frames: Deflating['frames'] = []
  let raw: Socket | undefined
  const socket = new WebSocket(host.url, ['staywire.v1'], { perMessageDeflate: { threshold: 0, ...options } })
  onTestFinished(() => socket.terminate())
  socket.on('error', () => undefined)
  socket.on('upgrade', (response) => (raw = response.socket))
  socket.on('message', (data: Buffer) =>
    frames.push({ ...(JSON.parse(data.toString()) as { type: string }), read: raw?.bytesRead ?? 0 }),
  )
  await once(socket, 'open')
  const subscriptions = [{ channel: 'live:large' }]
  socket.send(JSON.stringify({ type: 'connect', id: 1, token: user, subscriptions }))
  await expect.poll(() => frames.map(({ type }) => type)).toContain('subscribed')
  await expect.poll(() => frames.length).toBe(3)
  return { socket, extensions: socket.extensions, frames }
}

it('COMP-1: is not agreed to where it is not switched on', async () => {
  const host = await hostForTest()
  const { extensions, frames } = await connect(host, 'ada')
  await host.server.publish('live:large', LARGE)
  await expect.poll(() => frames.at(-1)?.data, { timeout: 5_000 }).toEqual(LARGE)
  expect([extensions, host.server.stats().compression.messages]).toEqual(['', 0])
})

it('COMP-2: large messages arrive compressed, compressed once for all, and small ones as they are', async () => {
  const host = await hostForTest({ compression: { enabled: true } })
  const peers = [await connect(host, 'ada'), await connect(host, 'bob')]
  const plain = await host.connect('eve', { subscriptions: [{ channel: 'live:large' }] })
  expect(peers.map(({ extensions }) => extensions)).toEqual(['permessage-deflate', 'permessage-deflate'])
  await host.server.publish('live:large', LARGE)
  for (const { frames } of peers) await expect.poll(() => frames.at(-1)?.data, { timeout: 5_000 }).toEqual(LARGE)
  expect(await plain.take('publication')).toMatchObject({ data: LARGE })
  const { messages, bytesBefore, bytesAfter } = host.server.stats().compression
  expect(messages).toBe(1)
  expect(bytesAfter / bytesBefore).toBeLessThan(0.6)
  for (const { frames } of peers) {
    const [before, after] = [frames.at(-2)?.read ?? 0, frames.at(-1)?.read ?? 0]
    expect(after - before).toBeLessThan(bytesAfter + 20)
  }
  await host.server.publish('live:large', 'small')
  for (const { frames } of peers) await expect.poll(() => frames.at(-1)?.data).toBe('small')
  expect(host.server.stats().compression.messages).toBe(1)
})

it('COMP-2: what clients compress is read, and who wants a smaller window gets messages as they are', async () => {
  const host = await hostForTest({ compression: { enabled: true } })
  const { socket, frames, extensions } = await connect(host, 'ada', { serverMaxWindowBits: 9 })
  expect(extensions).toBe('permessage-deflate')
  socket.send(JSON.stringify({ type: 'publish', id: 2, channel: 'live:large', data: LARGE }))
  await expect.poll(() => frames.find(({ type }) => type === 'publication')?.data, { timeout: 5_000 }).toEqual(LARGE)
  expect(host.server.stats().compression.messages).toBe(0)
})

it('COMP-3: a message that inflates to more than `hardFrameBytes` is closed with 1009, and a bystander notices nothing', async () => {
  const host = await hostForTest({ compression: { enabled: true } })
  const bystander = await connect(host, 'bob')
  const { socket } = await connect(host, 'ada')
  socket.send(`"${'x'.repeat(16 * 1_048_576)}"`)
  const [code] = (await once(socket, 'close')) as [number]
  expect(code).toBe(1009)
  await host.server.publish('live:large', 1)
  await expect.poll(() => bystander.frames.at(-1)?.data).toBe(1)
})

it('COMP-3, LIM-2: a message that inflates to more than a frame may be is answered `payload-too-large`', async () => {
  const host = await hostForTest({ compression: { enabled: true } })
  const { socket, frames } = await connect(host, 'ada')
  socket.send(JSON.stringify({ type: 'publish', id: 2, channel: 'live:large', data: 'x'.repeat(100_000) }))
  await expect.poll(() => frames.at(-1)).toMatchObject({ type: 'error', code: 'payload-too-large' })
})
