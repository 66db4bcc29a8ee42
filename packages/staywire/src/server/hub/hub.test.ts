import { describe, expect, it } from 'vitest'
import type { StoredPublication } from '../../protocol/codec.ts'
import type { EncodedFrame } from './encoded-frame.ts'
import { Hub } from './hub.ts'
import type { Sink } from './sinks.ts'

class Reader implements Sink {
  readonly offsets: (number | undefined)[] = []
  readonly frames: EncodedFrame[] = []
  send(frame: EncodedFrame): void {
    this.frames.push(frame)
    this.offsets.push((JSON.parse(frame.text) as { offset?: number }).offset)
  }
}

const publication = (offset: number): StoredPublication => ({ offset, data: `{"n":${offset}}`, at: 1 })

function liveReader(hub: Hub, upTo = 0): Reader {
  const reader = new Reader()
  hub.begin('a', reader)
  hub.join('a', reader, upTo)
  return reader
}

describe('the hub', () => {
  it('hands the very same encoded frame to every subscriber', () => {
    const hub = new Hub()
    const readers = [liveReader(hub), liveReader(hub), liveReader(hub)]
    hub.deliver('a', publication(1))
    expect(new Set(readers.map((reader) => reader.frames[0])).size).toBe(1)
    expect(readers[0]?.frames[0]?.text).toBe('{"type":"publication","channel":"a","offset":1,"data":{"n":1},"at":1}')
    expect(hub.deliveries).toBe(3)
  })

  it('REC-3: joins history and live publications without a hole or a double', () => {
    const hub = new Hub()
    const reader = new Reader()
    hub.begin('a', reader)
    for (const offset of [4, 5, 6]) hub.deliver('a', publication(offset))
    expect(reader.offsets).toEqual([])
    expect(hub.join('a', reader, 5)).toBe('joined')
    hub.deliver('a', publication(7))
    expect(reader.offsets).toEqual([6, 7])
  })

  it('leaves out what is delivered late although history has already answered it', () => {
    const hub = new Hub()
    const reader = liveReader(hub, 5)
    for (const offset of [4, 5, 6, 7]) hub.deliver('a', publication(offset))
    expect(reader.offsets).toEqual([6, 7])
  })

  it('reads history once more when too much was published meanwhile', () => {
    const hub = new Hub()
    const reader = new Reader()
    hub.begin('a', reader)
    for (let offset = 1; offset <= 1_001; offset++) hub.deliver('a', publication(offset))
    expect(hub.join('a', reader, 0)).toBe('again')
    hub.deliver('a', publication(1_002))
    expect(hub.join('a', reader, 1_001)).toBe('joined')
    expect(reader.offsets).toEqual([1_002])
  })

  it('takes a subscriber that begins again out of live delivery until it joins', () => {
    const hub = new Hub()
    const reader = liveReader(hub)
    hub.deliver('a', publication(1))
    hub.begin('a', reader)
    hub.deliver('a', publication(2))
    expect(reader.offsets).toEqual([1])
    hub.join('a', reader, 1)
    expect(reader.offsets).toEqual([1, 2])
    expect(hub.subscriptions).toBe(1)
  })

  it('delivers ephemeral publications, which have no offset, from the join on', () => {
    const hub = new Hub()
    const reader = liveReader(hub)
    hub.deliver('a', publication(0))
    expect(reader.offsets).toEqual([undefined])
    expect(reader.frames[0]?.droppable).toBe(true)
  })

  it('counts the publications of a channel from its first subscriber on, not the deliveries', () => {
    const hub = new Hub()
    hub.deliver('a', publication(1))
    liveReader(hub)
    const second = liveReader(hub)
    hub.deliver('a', publication(2))
    hub.deliver('a', publication(3))
    expect([...hub.channels()]).toEqual([{ channel: 'a', subscribers: 2, publications: 2 }])
    expect(second.offsets).toEqual([2, 3])
  })

  it('holds nothing once everybody has left', () => {
    const hub = new Hub()
    const live = liveReader(hub)
    const joining = new Reader()
    hub.begin('a', joining)
    expect([...hub.channels()]).toEqual([{ channel: 'a', subscribers: 2, publications: 0 }])
    expect([hub.leave('a', live), hub.leave('a', joining), hub.leave('a', live)]).toEqual([true, true, false])
    expect(hub.join('a', joining, 0)).toBe('left')
    expect([hub.size, hub.subscriptions]).toEqual([0, 0])
  })
})
