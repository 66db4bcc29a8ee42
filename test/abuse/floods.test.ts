// Very many peers that want nothing good: they come and say nothing, send pieces of messages for ever, dribble headers, or stop
// reading. What they cost is bounded, they are gone in time, and whoever comes honestly gets in and misses nothing.

import { connect, type Socket } from 'node:net'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Wire } from '../conformance/harness/conversation.ts'
import type { Peer } from '../conformance/harness/peer.ts'
import { printFigures } from '../figures.ts'
import { NOISE_MS } from './harness/bystander.ts'
import type { PollPeer } from '../transports/harness/poll-peer.ts'
import { frame, RawWebSocket, type RawEnding } from './harness/raw-websocket.ts'
import { Target } from './harness/target.ts'

const CONNECT_TIMEOUT_MS = 10_000
/** What a machine may take on top of what is promised while it does everything at once. */
const MARGIN_MS = 1_000
const MIB = 1024 * 1024

let target: Target
beforeEach(async () => {
  target = await Target.start(['--limits-outbox-bytes', String(MIB / 4)])
})
afterEach(async () => {
  try {
    await target.expectUndisturbed()
  } finally {
    await target.end()
  }
})

const some = (count: number): number[] => Array.from({ length: count }, (_, n) => n)

/** Opens very many, a few at a time. */
async function crowd<Member>(count: number, open: () => Promise<Member>): Promise<Member[]> {
  const members: Member[] = []
  while (members.length < count)
    members.push(...(await Promise.all(some(Math.min(100, count - members.length)).map(open))))
  return members
}

/** How long an honest client takes to get in. Milliseconds, the median of several. */
async function honest(): Promise<number> {
  const took: number[] = []
  for (let n = 0; n < 9; n++) {
    const since = performance.now()
    const peer = await target.connect('websocket', 'honest')
    took.push(performance.now() - since)
    peer.drop()
  }
  return took.toSorted((a, b) => a - b)[4] ?? 0
}

it('CONN-5, POST-14: 2,000 that were upgraded and say nothing are gone in 10 s, as is who never reads, and others get in', async () => {
  const alone = await honest()
  const before = target.memory().nowMiB
  const files = target.openFiles()
  const lag = monitorEventLoopDelay()
  lag.enable()
  const lives = await crowd(2_000, async () => {
    const raw = await RawWebSocket.open(target.port)
    const since = performance.now()
    return { ending: raw.ended.then((code) => ({ code, ms: performance.now() - since })) }
  })
  const dribbling = some(300).map(() => dribble(target.port))
  const requests = [await pageRequest(), await pollRequest()]
  const deaf = some(12).map((n) => deafTo(target.port, requests[n % 2] ?? ''))
  const among = await honest()
  const costMiB = target.memory().nowMiB - before
  const endings = await Promise.all(lives.map(({ ending }) => ending))
  const slowest = Math.max(...endings.map(({ ms }) => ms))
  expect(new Set(endings.map(({ code }) => code))).toEqual(new Set([4105]))
  // Who measures may be late as well.
  expect(slowest).toBeLessThan(CONNECT_TIMEOUT_MS + MARGIN_MS + 2 * (lag.max / 1e6))
  expect(costMiB).toBeLessThan(64)
  expect(among).toBeLessThan(2 * alone + NOISE_MS)
  // Node looks for slow headers every 2 s.
  await Promise.all(dribbling)
  await expect.poll(() => target.openFiles(), { timeout: 20_000 }).toBeLessThan(files + 10)
  for (const socket of deaf) socket.destroy()
  const { body } = await target.gateway.api('GET', '/api/v1/connections')
  const users = (body['connections'] as { user: string }[]).map(({ user }) => user)
  expect(users.filter((user) => user !== 'deaf')).toEqual(['bystander'])
  printFigures(
    `2,000 silent upgrades: gone after ${(slowest / 1_000).toFixed(1)} s, ${costMiB.toFixed(0)} MiB; connecting meanwhile ${among.toFixed(1)} ms, alone ${alone.toFixed(1)} ms`,
  )
})

/** Asks for the same again and again, and reads nothing of it. */
function deafTo(port: number, request: string): Socket {
  const socket = connect(port, '127.0.0.1', () => socket.write(request.repeat(100)))
  socket.on('error', () => undefined)
  return socket.pause()
}

/** A request for the largest file of the operations page. */
async function pageRequest(): Promise<string> {
  const page = await (await fetch(`${target.gateway.url}/dashboard/`)).text()
  return `GET ${/src="([^"]+)"/.exec(page)?.[1]} HTTP/1.1\r\nHost: x\r\n\r\n`
}

/** A poll that is answered with the same 256 KiB as long as it does not acknowledge them. */
async function pollRequest(): Promise<string> {
  const peer = await target.connect('poll', 'deaf', { subscriptions: [{ channel: 'live:deaf' }] })
  const { credentials, ack } = peer as unknown as PollPeer
  peer.drop()
  for (let n = 0; n < 20; n++)
    await target.gateway.api('POST', '/api/v1/publish', { channel: 'live:deaf', data: 'x'.repeat(12_000) })
  const body = JSON.stringify({ ...credentials, ack })
  return `POST /realtime/poll HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}

/** One header, a letter at a time; resolves when the server has had enough. */
function dribble(port: number): Promise<void> {
  return new Promise((resolve) => {
    const socket: Socket = connect(port, '127.0.0.1', () =>
      socket.write('GET /realtime HTTP/1.1\r\nHost: x\r\nX-Slow: '),
    )
    const timer = setInterval(() => socket.write('x'), 1_000)
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve()
    })
  })
}

it('closes sockets that are too many for all its clients, and keeps those that it has', async () => {
  const small = await Target.start(['--limits-connections', '10'])
  onTestFinished(() => small.end())
  const sockets = some(200).map(() => connect(small.port, '127.0.0.1').on('error', () => undefined))
  let closed = 0
  for (const socket of sockets) socket.resume().on('close', () => closed++)
  await expect.poll(() => closed, { timeout: 20_000 }).toBeGreaterThanOrEqual(80)
  await small.gateway.logged(({ msg, cause }) => msg === 'refused' && cause === 'capacity')
  for (const socket of sockets) socket.destroy()
  await small.expectUndisturbed()
})

it('CLOSE-1, CONN-6: 500 strangers with 16,000 pieces of a message each cost less than 64 MiB', async () => {
  const pieces = Buffer.concat([
    frame({ opcode: 1, payload: '{', final: false }),
    ...some(16_000).map(() => frame({ opcode: 0, payload: 'x', final: false })),
  ])
  const empty = Buffer.concat(some(16_000).map((n) => frame({ opcode: n === 0 ? 1 : 0, final: false })))
  const attack = async (count: number): Promise<RawEnding[]> => {
    const raws = await crowd(count, () => RawWebSocket.open(target.port))
    await Promise.all(raws.map((raw, n) => raw.send(n % 2 === 0 ? pieces : empty)))
    return Promise.all(raws.map(({ ended }) => ended))
  }
  const before = target.memory().nowMiB
  target.forgetMost()
  const codes = await attack(500)
  const grewMiB = target.memory().mostMiB - before
  // Who is still sending when it is closed may lose the close frame to a reset.
  expect(codes.every((code) => code === 1008 || code === 'none')).toBe(true)
  expect(codes).toContain(1008)
  expect(grewMiB).toBeLessThan(64)
  printFigures(`500 strangers with 16,000 fragments each: ${grewMiB.toFixed(0)} MiB at most`)
})

it('CONN-6: 500 strangers with the greater part of a large message each cost less than 160 MiB', async () => {
  const most = Buffer.concat([frame({ opcode: 1, length: 1_048_575n }), Buffer.alloc(1_000_000, 'x')])
  const before = target.memory().nowMiB
  target.forgetMost()
  const raws = await crowd(500, () => RawWebSocket.open(target.port))
  await Promise.all(raws.map((raw) => raw.send(most)))
  const codes = await Promise.all(raws.map(({ ended }) => ended))
  const grewMiB = target.memory().mostMiB - before
  expect(codes.every((code) => code === 4505 || code === 'none')).toBe(true)
  expect(codes).toContain(4505)
  expect(grewMiB).toBeLessThan(160)
  printFigures(`500 strangers with most of 1 MiB each: ${grewMiB.toFixed(0)} MiB at most`)
})

it('POST-8, POST-11: 500 strangers with most of a large body each cost less than 192 MiB, and others may post', async () => {
  const before = target.memory().nowMiB
  target.forgetMost()
  const honest = await target.connect('sse', 'honest')
  const head = 'POST /realtime/frames HTTP/1.1\r\nHost: x\r\nContent-Length: 1000001\r\n\r\n{"connection":"'
  const most = Buffer.concat([Buffer.from(head), Buffer.alloc(900_000, 'x')])
  const answers = await crowd(500, () => postPart(target.port, most))
  expect(await honest.ask({ type: 'publish', channel: 'room:honest', data: 1 })).toMatchObject({ type: 'published' })
  const grewMiB = target.memory().mostMiB - before
  const statuses = (): string[] => [...new Set(answers.map(({ status }) => status))].toSorted()
  await expect.poll(statuses, { timeout: 10_000 }).toEqual(['503', 'none'])
  for (const { socket } of answers) socket.destroy()
  expect(grewMiB).toBeLessThan(192)
  honest.drop()
  printFigures(`500 strangers with most of 1 MiB in a body each: ${grewMiB.toFixed(0)} MiB at most`)
})

/** Sends a part of a request; resolves when all was taken or answered. `status` is what it has been answered so far. */
function postPart(port: number, bytes: Buffer): Promise<{ socket: Socket; status: string }> {
  return new Promise((resolve) => {
    const part = { socket: connect(port, '127.0.0.1'), status: 'none' }
    const { socket } = part
    socket.on('error', () => resolve(part))
    socket.on('data', (answer: Buffer) => {
      part.status = answer.toString('latin1', 9, 12)
      resolve(part)
    })
    socket.write(bytes, () => resolve(part))
  })
}

it('CLOSE-1: 500 strangers whose message comes byte by byte cost less than 64 MiB', async () => {
  const before = target.memory().nowMiB
  target.forgetMost()
  const raws = await crowd(500, () => RawWebSocket.open(target.port))
  for (const { socket } of raws) socket.setNoDelay(true)
  await Promise.all(raws.map((raw) => raw.send(frame({ opcode: 1, length: 60_000n }))))
  for (let round = 0; round < 60; round++) {
    for (const { socket } of raws) if (!socket.destroyed) socket.write('x')
    await sleep(1)
  }
  const grewMiB = target.memory().mostMiB - before
  for (const { socket } of raws) socket.destroy()
  expect(grewMiB).toBeLessThan(64)
})

it('OUT-1, OUT-2, REC-1: 200 readers that stall under 50 MB/s stay within their limits, and get everything later', async () => {
  const READERS = 200
  const CHANNEL = 'live:flood'
  const data = 'x'.repeat(16_000)
  const readers = await crowd(
    READERS,
    () => target.connect('websocket', 'reader') as Promise<Peer & { connected: Wire }>,
  )
  const answers = await Promise.all(readers.map((reader) => reader.ask({ type: 'subscribe', channel: CHANNEL })))
  const { epoch } = (answers[0] as Wire)['position'] as { epoch: string }
  const writer = await target.connect('websocket', 'writer')
  const before = target.memory().nowMiB
  target.forgetMost()
  for (const reader of readers) reader.pause()
  let published = 0
  const since = performance.now()
  const closed = async (): Promise<number> =>
    READERS + 2 - Number((await target.gateway.api('GET', '/api/v1/connections?limit=1')).body['total'])
  while ((await closed()) < READERS) {
    for (let n = 0; n < 20; n++) await writer.ask({ type: 'publish', channel: CHANNEL, data })
    published += 20
    expect(performance.now() - since).toBeLessThan(100_000)
  }
  const rate = (published * data.length * READERS) / MIB / ((performance.now() - since) / 1_000)
  const grewMiB = target.memory().mostMiB - before
  for (const reader of readers) reader.resume()
  const codes = await Promise.all(readers.map(async (reader) => (await reader.ended).code))
  const whole = await Promise.all(readers.map((reader) => catchUp(reader, CHANNEL, epoch, published)))
  expect(whole.every(Boolean)).toBe(true)
  // Whoever is destroyed while it does not read is told why when it is back.
  expect(codes.every((code) => code === 4103 || code === 1006)).toBe(true)
  expect(grewMiB).toBeLessThan(READERS * 0.25 + 64)
  printFigures(
    `200 stalled readers at ${rate.toFixed(0)} MB/s: ${grewMiB.toFixed(0)} MiB, ${published} publications, all recovered by all`,
  )
})

/** Comes back where it stopped; whether it has every offset in order in the end, by recovery or page by page. */
async function catchUp(reader: Peer, channel: string, epoch: string, last: number): Promise<boolean> {
  const publications = reader.inbox.filter(({ type }) => type === 'publication')
  const offsets = publications.map((one) => Number(one['offset']))
  const reached = (): number => offsets.at(-1) ?? 0
  const back = await target.connect('websocket', 'reader')
  const answer = await back.ask({ type: 'subscribe', channel, position: { epoch, offset: reached() } })
  for (let n = 0; n < Number(answer['recovering'] ?? 0); n++)
    offsets.push(Number((await back.take('publication'))['offset']))
  while (answer['outcome'] === 'gap' && reached() < last) {
    const page = await back.ask({ type: 'history', channel, after: reached(), limit: 50 })
    offsets.push(...(page['publications'] as readonly { offset: number }[]).map(({ offset }) => offset))
  }
  back.drop()
  return offsets.length === last && offsets.every((offset, n) => offset === n + 1)
}
