// Handshakes that never became connections: who tried, when, and what came in between. Bounded; a flood pushes out the old.

import type { ClosedEvent, ServerEvent } from '../../server/observer/observer.ts'
import { causeOfClose, causeOfRefusal, type HandshakeCause } from '../metrics/sets.ts'
import { Ring, type Page } from './ring.ts'

/** A handshake that failed. */
export interface FailedHandshake {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly cause: HandshakeCause
  readonly address: string
  /** The HTTP status it was answered with; 0 where it never came to HTTP, absent where it was let in and closed. */
  readonly status?: number
  /** The close code, where it was let in. */
  readonly code?: number
  /** What the server said about it, in a word or two. */
  readonly detail: string
}

/** How many are kept. */
const KEPT = 1_000

/** The history of failed handshakes. */
export class Handshakes {
  readonly #ring = new Ring<FailedHandshake>(KEPT)

  /** Keeps one that was refused before there was a connection. */
  refused({ status, cause, address }: ServerEvent & { type: 'refused' }, at: number): HandshakeCause {
    return this.#keep({ at, cause: causeOfRefusal(cause), address, status, detail: cause })
  }

  /** Keeps one that was let in and closed before it was connected. */
  closed({ at, code, address, reason }: ClosedEvent): HandshakeCause {
    return this.#keep({ at, cause: causeOfClose(code), address, code, detail: reason })
  }

  /** The latest first. */
  *latest(): Generator<FailedHandshake> {
    for (const { entry } of this.#ring.newest()) yield entry
  }

  page(
    { cause, address }: { cause?: string; address?: string },
    window: { limit: number; before?: number },
  ): Page<FailedHandshake> {
    const fits = (failed: FailedHandshake): boolean =>
      (cause === undefined || failed.cause === cause) && (address === undefined || failed.address === address)
    return this.#ring.page(fits, window)
  }

  #keep(failed: FailedHandshake): HandshakeCause {
    this.#ring.push(failed)
    return failed.cause
  }
}
