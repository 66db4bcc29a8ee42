// Follows every publish from the call to its end: each must end once, what was acknowledged must be in the log, and what was
// told as not made must not be.

import { StaywireError, type Position } from '../product.ts'
import type { DiskRecord, SimDisk } from '../store/sim-disk.ts'
import type { Journal } from './journal.ts'

/** One publish. */
export interface Publish {
  readonly id: string
  readonly publisher: string
  readonly channel: string
  /** Counts up per publisher. */
  readonly turn: number
  /** Whether the application published it again by itself: then it stands in no order. */
  repeated: boolean
  ended: string | undefined
}

/** Errors after which nobody can tell. */
const UNTOLD = ['unknown', 'timeout', 'closed']

/** All publishes of a run. */
export class Publishes {
  readonly all: Publish[] = []
  readonly #journal: Journal
  readonly #disk: SimDisk
  /** What the broker stored in memory channels: `channel epoch offset` → id. */
  readonly #memory = new Map<string, string>()

  constructor(journal: Journal, disk: SimDisk) {
    this.#journal = journal
    this.#disk = disk
  }

  /** Follows one. */
  follow(
    publisher: string,
    channel: string,
    send: (id: string) => Promise<{ position?: Position | undefined; duplicate: boolean }>,
  ): Publish {
    const turn = this.all.length
    const publish: Publish = { id: `${publisher}-${turn}`, publisher, channel, turn, repeated: false, ended: undefined }
    this.all.push(publish)
    this.#await(publish, send(publish.id))
    return publish
  }

  /** The application publishes the same again. */
  repeat(
    publish: Publish,
    send: (id: string) => Promise<{ position?: Position | undefined; duplicate: boolean }>,
  ): void {
    publish.repeated = true
    this.#await({ ...publish }, send(publish.id))
  }

  /** Whether the application published this again by itself. */
  isRepeated(id: string): boolean {
    return this.all.some((publish) => publish.id === id && publish.repeated)
  }

  /** The broker stored something in a memory channel. */
  storedInMemory(position: string, id: string): void {
    if (this.#memory.has(position)) this.#journal.violate('S2', `${position} was given to two publications`)
    this.#memory.set(position, id)
  }

  /** A host publish of a process that died will never end. */
  forsakeHosts(): void {
    for (const publish of this.all) if (publish.publisher === 'host') publish.ended ??= 'unknown'
  }

  /** What must be true in the end. */
  conclude(windowMs: number): void {
    for (const { id, ended } of this.all) {
      if (ended === undefined) this.#journal.violate('E3', `the publish of ${id} never ended`)
    }
    for (const position of this.#disk.givenTwice)
      this.#journal.violate('S2', `${position} was given to two publications`)
    const seen = new Map<string, DiskRecord>()
    const order = new Map<string, DiskRecord & { turn: number }>()
    const byId = new Map(this.all.map((publish) => [publish.id, publish]))
    for (const record of this.#disk.everStored) {
      const id = JSON.parse(record.publication.data) as string
      const first = seen.get(id)
      if (
        first !== undefined &&
        !this.#disk.lostByDisk.has(first) &&
        record.publication.at - first.publication.at < windowMs
      ) {
        this.#journal.violate(
          'S6',
          `${id} was stored twice, at ${first.publication.offset} and ${record.publication.offset}`,
        )
      }
      seen.set(id, first === undefined || this.#disk.lostByDisk.has(first) ? record : first)
      const publish = byId.get(id)
      if (publish === undefined) continue
      this.#inOrder(order, publish, record)
      if (publish.ended === 'rejected') this.#journal.violate('E3', `${id} was rejected, and is stored`)
    }
    for (const { id, ended, channel } of this.all) {
      if (ended === 'stored' && channel.startsWith('disk') && !seen.has(id))
        this.#journal.violate('E1', `${id} was acknowledged, and is not in the log`)
    }
  }

  #inOrder(
    order: Map<string, DiskRecord & { turn: number }>,
    { publisher, channel, turn, repeated }: Publish,
    record: DiskRecord,
  ): void {
    if (repeated || publisher === 'host') return
    const line = `${publisher} ${channel}`
    const before = order.get(line)
    if (before !== undefined && before.turn > turn)
      this.#journal.violate(
        'S7',
        `${publisher}'s publishes of turn ${before.turn} and ${turn} changed places in ${channel}`,
      )
    order.set(line, { ...record, turn })
  }

  #await(publish: Publish, sent: Promise<{ position?: Position | undefined; duplicate: boolean }>): void {
    sent.then(
      ({ position, duplicate }) => {
        if (duplicate) this.#journal.count('dedupe hit')
        this.#end(publish, 'stored', `${position?.epoch}:${position?.offset}`)
        this.#isStored(publish, position)
      },
      (error: unknown) => {
        if (!(error instanceof StaywireError))
          return this.#journal.violate('E3', `the publish of ${publish.id} failed with ${String(error)}`)
        this.#end(publish, UNTOLD.includes(error.code) ? 'unknown' : 'rejected', error.code)
      },
    )
  }

  #end(publish: Publish, how: 'stored' | 'rejected' | 'unknown', detail: string): void {
    this.#journal.note(`${publish.id} in ${publish.channel} is ${how} (${detail})`)
    this.#journal.count(how)
    publish.ended = how
  }

  /** Acknowledged means stored: it is there now, at that position. */
  #isStored({ id, channel }: Publish, position: Position | undefined): void {
    if (this.at(channel, position?.epoch, position?.offset) !== id) {
      this.#journal.violate(
        'S1',
        `${id} was acknowledged at ${position?.epoch}:${position?.offset} in ${channel}, where it is not`,
      )
    }
  }

  /** What was stored at a position. */
  at(channel: string, epoch = '', offset = 0): string | undefined {
    if (channel.startsWith('memory')) return this.#memory.get(`${channel} ${epoch} ${offset}`)
    const found = this.#disk.byPosition.get(`${channel} ${epoch} ${offset}`)
    return found === undefined ? undefined : (JSON.parse(found) as string)
  }
}
