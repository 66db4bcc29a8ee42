// The half of a store that is in the server's thread, with a store that answers when the test says so.

import { describe, expect, it } from 'vitest'
import type { StoredPublication } from '../../../protocol/codec.ts'
import type { Append, Appended } from '../broker.ts'
import { Deliveries } from '../deliveries.ts'
import { DiskLog } from './disk-log.ts'
import type { Batch, ReadReply, ReadRequest } from './store-messages.ts'
import type { StorePort, WriteAnswer } from './store-port.ts'
import { TailCache } from './tail-cache.ts'

const HISTORY = { size: 100, ttlMs: 1_000_000 }
const CAPS = { publications: 300, bytes: 1_048_576 }

/** A store in the hands of the test. */
class HandStore implements StorePort {
  available = true
  readonly writes: { batch: Batch; answer: WriteAnswer }[] = []
  readonly reads: { request: ReadRequest; answer: (reply: ReadReply | undefined) => void }[] = []
  wanted = 0

  soon(): void {
    this.wanted++
  }

  write(batch: Batch, answer: WriteAnswer): void {
    this.writes.push({ batch, answer })
  }

  read(request: ReadRequest, answer: (reply: ReadReply | undefined) => void): void {
    this.reads.push({ request, answer })
  }

  /** Stores the oldest batch: each channel goes on after `before`. */
  store(before = 0, epoch = 'e'): void {
    const { batch, answer } = this.writes.shift() as { batch: Batch; answer: WriteAnswer }
    const groups = batch.groups.map(({ entries }) => ({
      epoch,
      offsets: entries.map((_, index) => before + index + 1),
      duplicates: [],
    }))
    answer.done({ groups })
  }
}

function world() {
  const port = new HandStore()
  const deliveries = new Deliveries()
  const told: string[] = []
  deliveries.listen({
    deliver: (channel, { offset }) => told.push(`${channel}:${offset}`),
    discontinued: (channel) => told.push(`${channel ?? 'all'} broke`),
  })
  const tails = new TailCache({ channels: 100, totalBytes: 1_000_000 })
  const log = new DiskLog({ port, tails, deliveries, now: () => 1_000 })
  const answers: (Appended | undefined)[] = []
  const append = (channel: string, data = '1', more: Partial<Append> = {}) => {
    const index = answers.push(undefined) - 1
    void log
      .append({ channel, data, retention: { durability: 'disk', history: HISTORY }, ...more })
      .then((appended) => {
        answers[index] = appended
      })
  }
  return { port, log, told, answers, append }
}

const turn = () => Promise.resolve().then(() => undefined)

function reply(offset: number, publications: StoredPublication[] = []): ReadReply {
  return { position: { epoch: 'e', offset }, publications, ...HISTORY }
}

describe('a disk log', () => {
  it('PUB-1, PUB-3: gathers a turn into one batch, and tells and answers nothing before it is stored', async () => {
    const { port, log, told, answers, append } = world()
    append('a')
    append('b')
    append('a')
    expect(port.wanted).toBe(1)
    log.flush()
    expect(
      port.writes.map(({ batch }) => batch.groups.map(({ channel, entries }) => `${channel} ${entries.length}`)),
    ).toEqual([['a 2', 'b 1']])
    await turn()
    expect({ told, answers }).toEqual({ told: [], answers: [undefined, undefined, undefined] })
    port.store()
    expect(told).toEqual(['a:1', 'a:2', 'b:1'])
    await turn()
    expect(answers.map((one) => one?.stored && one.position?.offset)).toEqual([1, 1, 2])
    expect(log.waiting).toEqual({ count: 0, bytes: 0 })
  })

  it('has two batches on their way, and gathers the rest meanwhile', () => {
    const { port, log, append } = world()
    for (let batch = 0; batch < 5; batch++) {
      append('a')
      log.flush()
    }
    expect(port.writes).toHaveLength(2)
    port.store(0)
    expect(port.writes.map(({ batch }) => batch.groups[0]?.entries.length)).toEqual([1, 3])
  })

  it('REC-13: says that a channel broke when what was stored does not follow what was known', () => {
    const { port, log, told, append } = world()
    append('a')
    log.flush()
    port.store(0)
    append('a')
    log.flush()
    port.store(7)
    append('a')
    log.flush()
    port.store(8, 'other')
    expect(told).toEqual(['a:1', 'a broke', 'a:8', 'a broke', 'a:9'])
  })

  it('answers a batch that is late as not known, and still tells what was stored when the disk answers', async () => {
    const { port, log, told, answers, append } = world()
    append('a')
    log.flush()
    port.writes[0]?.answer.late()
    await turn()
    expect(answers).toMatchObject([{ stored: false, code: 'timeout' }])
    expect(told).toEqual([])
    port.store()
    await turn()
    expect(told).toEqual(['a:1'])
    expect(answers).toMatchObject([{ code: 'timeout' }])
  })

  it('PUB-14: refuses at once while the store is unavailable', async () => {
    const { port, answers, append } = world()
    port.available = false
    append('a')
    await turn()
    expect(answers).toMatchObject([{ stored: false, code: 'storage-unavailable', retryAfterMs: 1_000 }])
  })

  it('refuses what would be more than may wait', async () => {
    const { log, answers, append } = world()
    const data = `"${'x'.repeat(4_000_000)}"`
    for (let count = 0; count < 20; count++) {
      append('a', data)
      log.flush()
    }
    await turn()
    expect(answers.filter((one) => one?.stored === false).length).toBeGreaterThan(0)
    expect(log.waiting.bytes).toBeLessThan(80_000_000)
  })

  it('reads the tail of a channel once for all who ask, sixteen channels at a time', async () => {
    const { port, log } = world()
    const from = { epoch: 'e', offset: 0 }
    const asked = Array.from({ length: 60 }, (_, index) => log.recover(`c${index % 20}`, from, CAPS))
    expect(port.reads).toHaveLength(16)
    const publication = { offset: 1, data: '1', at: 900 }
    for (let done = 0; done < 20; done++) port.reads[done]?.answer(reply(1, [publication]))
    const recoveries = await Promise.all(asked)
    expect(port.reads).toHaveLength(20)
    for (const recovery of recoveries) {
      expect(recovery).toEqual({
        outcome: 'recovered',
        publications: [publication],
        position: { epoch: 'e', offset: 1 },
      })
    }
  })

  it('rejects reads that the store cannot answer, and asks again the next time', async () => {
    const { port, log } = world()
    const first = log.position('a')
    port.reads[0]?.answer(undefined)
    await expect(first).rejects.toMatchObject({ code: 'storage-unavailable', temporary: true })
    const second = log.position('a')
    port.reads[1]?.answer(reply(5))
    await expect(second).resolves.toEqual({ epoch: 'e', offset: 5 })
    await expect(log.position('a')).resolves.toEqual({ epoch: 'e', offset: 5 })
    expect(port.reads).toHaveLength(2)
  })

  it('forgets what it knew of a channel that the store gave up, and of all when the store went back in time', async () => {
    const { port, log, told } = world()
    void log.position('a')
    port.reads[0]?.answer(reply(5))
    log.heard({ type: 'damaged', channel: 'a', upTo: 3, why: '' })
    void log.position('a')
    expect(port.reads).toHaveLength(2)
    port.reads[1]?.answer(reply(5))
    log.heard({ type: 'rolled-back', why: '' })
    void log.position('a')
    expect(port.reads).toHaveLength(3)
    expect(told).toEqual(['a broke', 'all broke'])
  })

  it('answers everything in hand before it is closed, and refuses what comes after', async () => {
    const { port, log, answers, append } = world()
    for (let batch = 0; batch < 4; batch++) {
      append('a')
      log.flush()
    }
    let closed = false
    const closing = log.close().then(() => (closed = true))
    append('a')
    await turn()
    expect({ closed, last: answers.at(-1) }).toMatchObject({ closed: false, last: { code: 'closed' } })
    port.store(0)
    port.store(1)
    port.store(2)
    await closing
    expect(answers.slice(0, 4).every((one) => one?.stored)).toBe(true)
    await expect(log.position('a')).rejects.toMatchObject({ code: 'closed' })
  })
})
