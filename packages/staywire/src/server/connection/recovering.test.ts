import { describe, expect, it } from 'vitest'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { EncodedFrame } from '../hub/encoded-frame.ts'
import { RecentFrames } from '../hub/recent-frames.ts'
import type { Outbox } from './link.ts'
import { Recovering } from './recovering.ts'

/** An outbox whose peer reads only when told to. */
class Slow implements Outbox {
  bytes = 0
  readonly sentBytes = 0
  most = 0
  readonly sent: string[] = []
  readonly frames: EncodedFrame[] = []
  #then: (() => void) | undefined
  send(): void {
    throw new Error('Recovered publications are asked for.')
  }
  sendRequested(frame: EncodedFrame): void {
    this.bytes += frame.text.length
    this.most = Math.max(this.most, this.bytes)
    const { channel, offset } = JSON.parse(frame.text) as { channel: string; offset: number }
    this.sent.push(`${channel}/${offset}`)
    this.frames.push(frame)
  }
  whenDrained(then: () => void): void {
    this.#then = then
  }
  /** Reads everything; says whether somebody waited for that. */
  drain(): boolean {
    const then = this.#then
    this.#then = undefined
    this.bytes = 0
    then?.()
    return then !== undefined
  }
}

const many = (count: number, chars: number): StoredPublication[] =>
  Array.from({ length: count }, (_, index) => ({ offset: index + 1, data: JSON.stringify('x'.repeat(chars)), at: 1 }))

function setUp(frames = new RecentFrames()) {
  const outbox = new Slow()
  const arrived: string[] = []
  return {
    outbox,
    arrived,
    recovering: new Recovering(outbox, frames, (channel, upTo) => arrived.push(`${channel}/${upTo}`)),
  }
}

describe('recovering', () => {
  it('REC-2: sends everything in order and says when a channel has arrived', () => {
    const { outbox, arrived, recovering } = setUp()
    recovering.add('a', many(3, 10), 3)
    expect([outbox.sent, arrived, recovering.idle]).toEqual([['a/1', 'a/2', 'a/3'], ['a/3'], true])
  })

  it('REC-12: waits for the outbox, however much was asked for', () => {
    const { outbox, arrived, recovering } = setUp()
    for (const channel of ['a', 'b', 'c', 'd', 'e', 'f']) recovering.add(channel, many(16, 65_000), 16)
    expect(arrived).toEqual(['a/16'])
    let rounds = 0
    while (outbox.drain()) rounds++
    expect(rounds).toBeGreaterThan(3)
    expect(outbox.most).toBeLessThanOrEqual(4_194_304)
    expect(outbox.sent).toHaveLength(96)
    expect(arrived).toEqual(['a/16', 'b/16', 'c/16', 'd/16', 'e/16', 'f/16'])
  })

  it('drops a channel that is no longer wanted, and starts one over that is asked for again', () => {
    const { outbox, arrived, recovering } = setUp()
    recovering.add('big', many(40, 65_000), 40)
    recovering.add('a', many(2, 10), 2)
    recovering.add('b', many(2, 10), 2)
    recovering.drop('a')
    recovering.add('big', many(1, 10), 41)
    while (outbox.drain());
    expect(arrived).toEqual(['b/2', 'big/41'])
    expect(outbox.sent.filter((text) => text.startsWith('a'))).toEqual([])
  })

  it('sends nothing after it was stopped', () => {
    const { outbox, recovering } = setUp()
    recovering.add('big', many(40, 65_000), 40)
    const { length } = outbox.sent
    recovering.stop()
    outbox.drain()
    expect(outbox.sent).toHaveLength(length)
  })

  it('shares the encodings between connections', () => {
    const frames = new RecentFrames()
    const publications = many(2, 10)
    const [one, two] = [setUp(frames), setUp(frames)]
    one.recovering.add('a', publications, 2)
    two.recovering.add('a', publications, 2)
    expect(one.outbox.frames).toEqual(two.outbox.frames)
    expect(one.outbox.frames[0]).toBe(two.outbox.frames[0])
  })
})
