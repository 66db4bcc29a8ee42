// Hostile WebSocket frames, byte by byte: what RFC 6455 forbids, what announces more than it brings, what never ends. Each ends
// its own connection with the code that the RFC names, before and after `connect`, and costs next to nothing.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { frame, RawWebSocket } from './harness/raw-websocket.ts'
import { NOISE_MS } from './harness/bystander.ts'
import { Target } from './harness/target.ts'
import { tokenOf } from './harness/token.ts'

const TEXT = 1
const BINARY = 2
const CLOSE = 8
const PING = 9
const PONG = 10
const HEARTBEAT = ['--heartbeat-interval-ms', '2000', '--heartbeat-timeout-ms', '1000']

let target: Target
beforeAll(async () => {
  target = await Target.start(HEARTBEAT)
})
afterEach(() => target.expectUndisturbed())
afterAll(() => target.end())

const PING_FRAME = '{"type":"ping"}'
const closing = (code: number): Buffer => frame({ opcode: CLOSE, payload: Buffer.of(code >> 8, code & 0xff) })

/** Each is sent on a connection of its own. */
const BROKEN: readonly (readonly [title: string, code: number, bytes: Buffer])[] = [
  ['a reserved bit', 1002, frame({ opcode: TEXT, payload: PING_FRAME, reserved: 4 })],
  ['another reserved bit', 1002, frame({ opcode: TEXT, payload: PING_FRAME, reserved: 2 })],
  ['all reserved bits on a ping', 1002, frame({ opcode: PING, reserved: 7 })],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
    (opcode) => [`the reserved opcode ${opcode}`, 1002, frame({ opcode, payload: 'x' })] as const,
  ),
  ['no mask', 1002, frame({ opcode: TEXT, payload: PING_FRAME, masked: false })],
  ['no mask on a close', 1002, frame({ opcode: CLOSE, masked: false })],
  ['a ping in pieces', 1002, frame({ opcode: PING, payload: 'x', final: false })],
  ['a ping of 126 bytes', 1002, frame({ opcode: PING, payload: 'x'.repeat(126) })],
  ['a close of 126 bytes', 1002, frame({ opcode: CLOSE, payload: 'x'.repeat(126) })],
  ['a close of one byte', 1002, frame({ opcode: CLOSE, payload: 'x' })],
  ['a continuation of nothing', 1002, frame({ opcode: 0, payload: 'x' })],
  [
    'a message in the middle of another',
    1002,
    Buffer.concat([frame({ opcode: TEXT, payload: '{', final: false }), frame({ opcode: TEXT, payload: PING_FRAME })]),
  ],
  ['invalid UTF-8', 1007, frame({ opcode: TEXT, payload: Buffer.of(0x22, 0xff, 0x22) })],
  ['an overlong encoding of /', 1007, frame({ opcode: TEXT, payload: Buffer.of(0x22, 0xc0, 0xaf, 0x22) })],
  ['a surrogate in UTF-8', 1007, frame({ opcode: TEXT, payload: Buffer.of(0x22, 0xed, 0xa0, 0x80, 0x22) })],
  [
    'a character that pieces cut in two and leave out',
    1007,
    Buffer.concat([
      frame({ opcode: TEXT, payload: Buffer.of(0x22, 0xe2, 0x82), final: false }),
      frame({ opcode: 0, payload: '"' }),
    ]),
  ],
  ['invalid UTF-8 in a close reason', 1007, frame({ opcode: CLOSE, payload: Buffer.of(0x03, 0xe8, 0xff, 0xfe) })],
  ...[0, 1, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535].map(
    (code) => [`a close with the code ${code}`, 1002, closing(code)] as const,
  ),
  ['a length of 2^63', 1009, frame({ opcode: TEXT, length: 2n ** 63n })],
  ['a length of 2^64 - 1', 1009, frame({ opcode: TEXT, length: 2n ** 64n - 1n })],
  ['a length of 2^53', 1009, frame({ opcode: TEXT, length: 2n ** 53n })],
  ['a length of 1 GiB', 1009, frame({ opcode: BINARY, length: 2n ** 30n })],
  ['a length of 2 MiB in a continuation', 1009, pieceOf(2n ** 21n)],
]

/** A message whose second piece announces this much. */
function pieceOf(length: bigint): Buffer {
  return Buffer.concat([frame({ opcode: TEXT, payload: '{', final: false }), frame({ opcode: 0, length })])
}

async function connected(): Promise<RawWebSocket> {
  const raw = await RawWebSocket.open(target.port)
  await raw.send(
    frame({ opcode: TEXT, payload: JSON.stringify({ type: 'connect', id: 1, token: tokenOf('mallory') }) }),
  )
  return raw
}

describe.each([
  ['a stranger', (): Promise<RawWebSocket> => RawWebSocket.open(target.port)],
  ['a connected client', connected],
])('sent by %s', (_, open) => {
  it.each(BROKEN)('CLOSE-1, LIM-1: %s is closed with %i', async (__, code, bytes) => {
    const raw = await open()
    await raw.send(bytes)
    expect(await raw.ended).toBe(code)
  })

  it('CLOSE-1: none of these costs what it announces', async () => {
    target.forgetMost()
    const { nowMiB } = target.memory()
    const raws = await Promise.all(Array.from({ length: 50 }, open))
    for (const raw of raws) await raw.send(frame({ opcode: TEXT, length: 1_048_575n, payload: '{' }))
    await sleep(300)
    for (const raw of raws) raw.socket.destroy()
    expect(target.memory().mostMiB - nowMiB).toBeLessThan(32)
  })
})

describe('frames that never come to an end', () => {
  it.each([
    ['half a header', frame({ opcode: TEXT, payload: 'x'.repeat(200) }).subarray(0, 3)],
    ['a header and nothing else', frame({ opcode: TEXT, length: 1_000n })],
    ['a message without its last piece', frame({ opcode: TEXT, payload: '{"type":', final: false })],
  ])('HB-3: after %s the connection is found dead', async (_, bytes) => {
    const raw = await connected()
    await raw.send(bytes)
    expect(await raw.ended).toBe(4102)
  })

  it('CLOSE-1: a peer that ends its side of the socket is gone, and so is its file', async () => {
    const before = target.openFiles()
    for (let round = 0; round < 5; round++) {
      const raws = await Promise.all(Array.from({ length: 100 }, () => RawWebSocket.open(target.port)))
      for (const raw of raws) raw.socket.end()
      await Promise.all(raws.map(({ ended }) => ended))
    }
    await expect.poll(() => target.openFiles(), { timeout: 10_000 }).toBeLessThan(before + 10)
  })
})

describe('frames without end', () => {
  const MANY = 50_000

  it.each([
    ['pings', frame({ opcode: PING })],
    ['pings of 125 bytes', frame({ opcode: PING, payload: 'x'.repeat(125) })],
    ['pongs', frame({ opcode: PONG })],
    ['empty messages in pieces', Buffer.concat([frame({ opcode: TEXT, final: false }), frame({ opcode: 0 })])],
    ['messages of nothing', frame({ opcode: TEXT })],
    ['frames of nothing', frame({ opcode: TEXT, payload: '{}' })],
  ])('FRAME-12, OUT-1: %s keep nobody else waiting, and take no room', async (_, one) => {
    const flood = Buffer.concat(Array.from({ length: 1_000 }, () => one))
    target.forgetMost()
    const { nowMiB } = target.memory()
    const { calmP99Ms, hostileP99Ms, disturbances } = await target.bystander.compare(3, async () => {
      const raw = await connected()
      raw.socket.pause()
      for (let sent = 0; sent < MANY && !raw.socket.destroyed; sent += 1_000) await raw.send(flood)
      raw.socket.destroy()
    })
    expect(disturbances).toEqual([])
    expect(target.memory().mostMiB - nowMiB).toBeLessThan(64)
    expect(hostileP99Ms).toBeLessThan(2 * calmP99Ms + NOISE_MS)
  })
})
