// The log of an embedded store as a whole: `disk` channels are the store's, `memory` channels are kept in memory, ephemeral ones nowhere.

import type { Position } from '../../../protocol/position.ts'
import type { PageRequest } from '../../history/reading.ts'
import type { Append, Appended, BrokerRules, HistoryPage, Log, LogListener, Recovery, RecoveryCaps } from '../broker.ts'
import type { Deliveries } from '../deliveries.ts'
import type { MemoryLog } from '../memory/memory-log.ts'
import type { DiskLog } from './disk-log.ts'

/** The life of keys on disk, and a way to note that some are in memory only. */
export interface KeyLives {
  readonly dedupeLife: string
  /** Resolves to whether it is noted. */
  noteMemoryKeys(): Promise<boolean>
}

/** Both logs as one. */
export class EmbeddedLog implements Log {
  /** Says which log answers for a channel. Set before the first use. */
  rules: BrokerRules = { durabilityOf: () => 'disk' }
  readonly #disk: DiskLog
  readonly #memory: MemoryLog
  readonly #deliveries: Deliveries
  readonly #lives: KeyLives
  #noting: Promise<boolean> | undefined
  #noted = false
  /** Appends that wait for it. */
  #waiting = 0

  constructor(parts: { disk: DiskLog; memory: MemoryLog; deliveries: Deliveries; link: KeyLives }) {
    this.#disk = parts.disk
    this.#memory = parts.memory
    this.#deliveries = parts.deliveries
    this.#lives = parts.link
  }

  /**
   * Keys of disk channels survive a restart and those of memory channels do not, but a client is told one life for all: it changes with
   * a restart only if keys of memory channels were lost by it.
   */
  get dedupe(): { readonly windowMs: number; readonly life: string } {
    const { windowMs, lost } = this.#memory.dedupe
    const life = this.#lives.dedupeLife
    return { windowMs, life: lost === 0 ? life : `${life}-${lost.toString(36)}` }
  }

  listen(listener: LogListener): void {
    this.#deliveries.listen(listener)
  }

  append(entry: Append): Promise<Appended> {
    const { history, durability } = entry.retention
    if (durability === 'disk' && history !== undefined) return this.#disk.append(entry)
    const mustWait = history !== undefined && (this.#waiting > 0 || (entry.key !== undefined && !this.#noted))
    return mustWait ? this.#appendNoted(entry) : this.#memory.append(entry)
  }

  position(channel: string): Promise<Position> {
    return this.#logOf(channel).position(channel)
  }

  recover(channel: string, from: Position, caps: RecoveryCaps): Promise<Recovery> {
    return this.#logOf(channel).recover(channel, from, caps)
  }

  history(channel: string, page: PageRequest): Promise<HistoryPage> {
    return this.#logOf(channel).history(channel, page)
  }

  #logOf(channel: string): MemoryLog | DiskLog {
    return this.rules.durabilityOf(channel) === 'disk' ? this.#disk : this.#memory
  }

  /**
   * Before the first keyed publication of a memory channel is stored, and so seen by anybody, the store knows that a restart loses keys:
   * else a client would send it again to a restarted server that seems to remember. What is appended meanwhile keeps its place. A store
   * that cannot take note holds nothing up: it is asked again with the next one.
   */
  async #appendNoted(entry: Append): Promise<Appended> {
    this.#waiting++
    const noting = (this.#noting ??= this.#lives.noteMemoryKeys())
    if (await noting) this.#noted = true
    else if (this.#noting === noting) this.#noting = undefined
    this.#waiting--
    return this.#memory.append(entry)
  }
}
