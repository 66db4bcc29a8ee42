// From what was seen of an ending to why it ended. Keeps to the evidence: what cannot be told is `unknown`.

import type { Cause, ConnectionError, NetworkCause } from '../api.ts'
import { closeClass } from '../../protocol/close-code.ts'

/** How a connection, or the attempt at one, ended. */
export interface Ending {
  /** The close code as it came, ours or not. */
  readonly code?: number | undefined
  readonly reason?: string | undefined
  /** The wait the server asked for. */
  readonly retryAfterMs?: number | undefined
  /** Ended by something in this program (no token, no WebSocket), not by the other side. */
  readonly app?: boolean
  /** Ended by something in this program that will not change by trying again. */
  readonly hopeless?: boolean
}

/** What was known when it ended. */
export type Evidence = ConnectionError['evidence']

/** A timer later than this says that the program, or the machine, had stopped. Hidden pages get their timers up to 1 s late. */
export const LATE_MS = 2_000
/** A connection that dropped sooner than this was never a good one. */
export const STABLE_MS = 10_000

const WORDS: Readonly<Record<Evidence['phase'], string>> = {
  opening: 'the connection could not be opened',
  opened: 'the connection closed before it was accepted',
  early: 'the connection dropped soon after it was accepted',
  connected: 'the connection dropped',
}

/** The entry of the error history for an ending. */
export function explain(ending: Ending, evidence: Evidence, at: number): ConnectionError {
  const { code, reason } = ending
  const kind = ending.app || ending.hopeless ? 'app' : closeClass(code)
  const ours = code !== undefined && code >= 4000 ? { code } : undefined
  const network = kind === 'network' ? { network: networkCause(evidence) } : undefined
  return { ...ours, class: kind, reason: reason || WORDS[evidence.phase], ...network, at, evidence }
}

/** The same entry once the server has told, on the next connection, how it had ended the last one. */
export function corrected(error: ConnectionError, { code, reason }: { code: number; reason: string }): ConnectionError {
  return { class: closeClass(code), code, reason, at: error.at, evidence: error.evidence }
}

/** A cause that lies in the app. */
export function appCause(reason: string): Cause {
  return { class: 'app', reason }
}

function networkCause({ onLine, timerLateMs = 0 }: Evidence): NetworkCause {
  if (onLine === false) return 'offline'
  return timerLateMs > LATE_MS ? 'woke-up' : 'unknown'
}
