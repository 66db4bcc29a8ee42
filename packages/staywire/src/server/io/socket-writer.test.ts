import { Duplex } from 'node:stream'
import { expect, it } from 'vitest'
import { EncodedFrame, type FrameEncoder } from '../hub/encoded-frame.ts'
import { SocketWriter, type WriterOwner } from './socket-writer.ts'
import { WriteTick } from './write-tick.ts'

const encoder: FrameEncoder = { encode: (text) => Buffer.from(text) }
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** A socket whose peer reads only when told to. */
class Peer extends Duplex {
  readonly writes: string[] = []
  #release: (() => void) | undefined
  stalled = false
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.writes.push(chunk.toString())
    if (this.stalled) this.#release = done
    else done()
  }
  read1(): void {
    this.stalled = false
    this.#release?.()
  }
}

function setUp(maxBytes = 100) {
  const peer = new Peer()
  const told: string[] = []
  const owner: WriterOwner = { overflowed: () => told.push('overflowed'), dropped: () => told.push('dropped') }
  return { peer, told, writer: new SocketWriter(peer, new WriteTick(encoder), owner, maxBytes) }
}

it('makes one write of all frames of a turn', async () => {
  const { peer, writer } = setUp()
  for (const text of ['a', 'b', 'c']) writer.send(new EncodedFrame(text))
  expect(peer.writes).toEqual([])
  await turn()
  expect(peer.writes).toEqual(['abc'])
})

it('OUT-1: tells its owner once when the peer does not read, and sends nothing more', async () => {
  const { peer, told, writer } = setUp()
  peer.stalled = true
  for (let index = 0; index < 30; index++) {
    writer.send(new EncodedFrame('0123456789'))
    await turn()
  }
  expect(told).toEqual(['overflowed'])
  expect(writer.bytes).toBeLessThanOrEqual(100)
})

it('bounds what one turn may bring, too', () => {
  const { told, writer } = setUp()
  for (let index = 0; index < 30; index++) writer.send(new EncodedFrame('0123456789'))
  expect(told).toEqual(['overflowed'])
  expect(writer.bytes).toBe(0)
})

it('writes early what is much, so that what one turn brings is not held against a peer that reads', async () => {
  const { peer, told, writer } = setUp(100_000)
  for (let index = 0; index < 300; index++) writer.send(new EncodedFrame('x'.repeat(1_000)))
  await turn()
  expect([told, peer.writes.join('').length]).toEqual([[], 300_000])
})

it('does not hold against a peer what it asked for itself', async () => {
  const { peer, told, writer } = setUp()
  peer.stalled = true
  for (let index = 0; index < 30; index++) writer.sendRequested(new EncodedFrame('0123456789'))
  await turn()
  writer.send(new EncodedFrame('live'))
  await turn()
  expect(told).toEqual([])
  peer.read1()
  await turn()
  expect(peer.writes.join('')).toBe(`${'0123456789'.repeat(30)}live`)
})

it('OUT-1: bounds what a peer asks for and does not read, however it comes about', async () => {
  const { peer, told, writer } = setUp()
  const large = new EncodedFrame('x'.repeat(1_000_000))
  peer.stalled = true
  let most = 0
  for (let index = 0; index < 20; index++) {
    writer.sendRequested(large)
    await turn()
    most = Math.max(most, writer.bytes)
  }
  expect([told, most]).toEqual([['overflowed'], 5_000_000])
})

it('leaves droppable frames out while the peer reads slowly', async () => {
  const { peer, told, writer } = setUp()
  peer.stalled = true
  writer.send(new EncodedFrame('x'.repeat(60)))
  await turn()
  writer.send(new EncodedFrame('typing', true))
  expect(told).toEqual(['dropped'])
})

it('writes what is pending before it stops, and nothing after', async () => {
  const { peer, writer } = setUp()
  writer.send(new EncodedFrame('last'))
  writer.stop()
  writer.send(new EncodedFrame('late'))
  await turn()
  expect(peer.writes).toEqual(['last'])
})
