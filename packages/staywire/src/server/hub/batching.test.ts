import { describe, expect, it } from 'vitest'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { EncodedFrame } from './encoded-frame.ts'
import { Hub } from './hub.ts'
import type { Sink } from './sinks.ts'

/** What it was sent: offsets, those of one message together. */
class Reader implements Sink {
  readonly batches: boolean
  readonly messages: (number | number[])[] = []
  readonly frames: EncodedFrame[] = []

  constructor(batches = true) {
    this.batches = batches
  }

  send(frame: EncodedFrame): void {
    this.frames.push(frame)
    const message = JSON.parse(frame.text) as { offset: number } | { offset: number }[]
    this.messages.push(Array.isArray(message) ? message.map(({ offset }) => offset) : message.offset)
  }
}

const publication = (offset: number, data = '1'): StoredPublication => ({ offset, data, at: 1 })

function setUp(rule = { maxDelayMs: 50, maxCount: 3 }) {
  const timers: (() => void)[] = []
  const delays: number[] = []
  const hub = new Hub({
    of: (channel) => (channel === 'a' ? rule : undefined),
    after: (ms, action) => {
      delays.push(ms)
      timers.push(action)
    },
  })
  const come = (reader: Reader, upTo = 0): Reader => {
    hub.begin('a', reader)
    hub.join('a', reader, upTo)
    return reader
  }
  const deliver = (...offsets: number[]): void => {
    for (const offset of offsets) hub.deliver('a', publication(offset))
  }
  const pass = (): void => {
    for (const fire of timers.splice(0)) fire()
  }
  return { hub, delays, come, deliver, pass }
}

describe('a channel that gathers', () => {
  it('BATCH-3: sends what came within the delay in one message, the same one to all', () => {
    const { hub, delays, come, deliver, pass } = setUp()
    const readers = [come(new Reader()), come(new Reader())]
    deliver(1, 2)
    expect(readers.map(({ messages }) => messages)).toEqual([[], []])
    pass()
    expect(readers.map(({ messages }) => messages)).toEqual([[[1, 2]], [[1, 2]]])
    expect(readers[0]?.frames[0]).toBe(readers[1]?.frames[0])
    expect([delays, hub.deliveries]).toEqual([[50], 4])
    deliver(3)
    pass()
    expect(readers[0]?.messages.at(-1)).toBe(3)
  })

  it('BATCH-3: sends a full message at once, and a timer of before does not send the next', () => {
    const { come, deliver, pass } = setUp()
    const reader = come(new Reader())
    deliver(1, 2, 3, 4)
    expect(reader.messages).toEqual([[1, 2, 3]])
    pass()
    expect(reader.messages).toEqual([[1, 2, 3], 4])
  })

  it('BATCH-3: sends a large message before it is full', () => {
    const { hub, come } = setUp({ maxDelayMs: 50, maxCount: 1_000 })
    const reader = come(new Reader())
    for (const offset of [1, 2, 3]) hub.deliver('a', publication(offset, `"${'x'.repeat(30_000)}"`))
    expect(reader.messages).toEqual([[1, 2, 3]])
  })

  it('BATCH-2: sends one by one to who takes no arrays', () => {
    const { come, deliver } = setUp()
    const [one, other] = [come(new Reader(false)), come(new Reader())]
    deliver(1, 2, 3)
    expect([one.messages, other.messages]).toEqual([[1, 2, 3], [[1, 2, 3]]])
    expect(one.frames.map(({ count }) => count)).toEqual([1, 1, 1])
  })

  it('SUB-2, REC-3: neither loses nor doubles for who joins in the middle, and keeps the order of who was there', () => {
    const { hub, come, deliver, pass } = setUp()
    const first = come(new Reader())
    deliver(1, 2)
    const second = new Reader()
    hub.begin('a', second)
    expect(first.messages).toEqual([[1, 2]])
    deliver(3)
    hub.join('a', second, 3)
    deliver(4, 5, 6)
    pass()
    expect(first.messages.flat()).toEqual([1, 2, 3, 4, 5, 6])
    expect(second.messages.flat()).toEqual([4, 5, 6])
  })

  it('SUB-6, SUB-7: sends nothing twice to who subscribes again, and nothing to who has left', () => {
    const { hub, come, deliver, pass } = setUp()
    const reader = come(new Reader())
    deliver(1)
    come(reader, 1)
    deliver(2, 3)
    hub.leave('a', reader)
    expect(reader.messages.flat()).toEqual([1, 2, 3])
    deliver(4)
    pass()
    expect([reader.messages.flat(), hub.size]).toEqual([[1, 2, 3], 0])
  })

  it('leaves other channels alone', () => {
    const { hub } = setUp()
    const reader = new Reader()
    hub.begin('b', reader)
    hub.join('b', reader, 0)
    hub.deliver('b', publication(1))
    expect(reader.messages).toEqual([1])
  })
})
