// The log of the broker as the rest of a node asks it: opened first, and every answer in the words of connections. It stores
// nothing itself.

import type { ErrorCode } from '../../protocol/error-code.ts'
import type { Position } from '../../protocol/position.ts'
import type { Answer } from '../connection/ask.ts'
import type { Append, Appended, Broker, RecoveryCaps } from '../broker/broker.ts'

/** What is told about every append. */
export interface AppendWitness {
  /** When an append begins, if it is to be timed. */
  storing(): number | undefined
  /** `since` is what `storing` answered. */
  published(channel: string, duplicate: boolean, since: number | undefined): void
}

/** The store of a node. */
export class Store {
  readonly #broker: Broker
  readonly #witness: AppendWitness
  /** Set until the broker is open: questions wait for it. */
  #opening: Promise<void> | undefined

  constructor(broker: Broker, witness: AppendWitness, opening: Promise<void>) {
    this.#broker = broker
    this.#witness = witness
    this.#opening = opening.then(() => {
      this.#opening = undefined
    })
    // Whoever asks is told; that nobody asked yet is no unhandled failure.
    this.#opening.catch(() => undefined)
  }

  /** Settled once the broker is open; `undefined` when it is. */
  get opening(): Promise<void> | undefined {
    return this.#opening
  }

  append(entry: Append): Promise<Answer> {
    if (this.#opening !== undefined) return this.#opening.then(() => this.append(entry))
    const since = this.#witness.storing()
    return this.#broker.log.append(entry).then((appended) => this.#answer(entry, appended, since))
  }

  position(channel: string): Promise<Answer> {
    if (this.#opening !== undefined) return this.#opening.then(() => this.position(channel))
    return this.#broker.log.position(channel).then(positioned)
  }

  async recover(channel: string, from: Position, caps: RecoveryCaps): Promise<Answer> {
    if (this.#opening !== undefined) await this.#opening
    const recovery = await this.#broker.log.recover(channel, from, caps)
    const { position } = recovery
    if (recovery.outcome === 'gap') return { kind: 'gap', why: recovery.why, position }
    return { kind: 'recovered', publications: recovery.publications, position }
  }

  async history(channel: string, page: { before?: number; after?: number; limit: number }): Promise<Answer> {
    if (this.#opening !== undefined) await this.#opening
    return { kind: 'page', page: await this.#broker.log.history(channel, page) }
  }

  #answer(entry: Append, appended: Appended, since: number | undefined): Answer {
    if (!appended.stored) return failed(appended.code, appended.message, appended.retryAfterMs)
    this.#witness.published(entry.channel, appended.duplicate, since)
    return { kind: 'stored', position: appended.position, duplicate: appended.duplicate }
  }
}

function positioned(position: Position): Answer {
  return { kind: 'position', position }
}

function failed(code: ErrorCode, message: string, retryAfterMs: number | undefined): Answer {
  return { kind: 'failed', code, message, ...(retryAfterMs !== undefined && { retryAfterMs }) }
}
