// From what was seen of an ending to why it ended. Keeps to the evidence: what cannot be told is `unknown`.

import type { ConnectionError } from '../api.ts'
import { LATE_MS } from '../timing.ts'
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

/** The entry of the error history for an ending. */
export function explain(
  { code, reason, app, hopeless }: Ending,
  evidence: ConnectionError['evidence'],
  at: number,
): ConnectionError {
  const kind = app || hopeless ? 'app' : closeClass(code)
  return {
    class: kind,
    code: (code ?? 0) < 4000 ? undefined : code,
    reason: reason || (evidence.phase === 'opening' ? 'the connection could not be opened' : 'the connection dropped'),
    network:
      kind !== 'network'
        ? undefined
        : evidence.onLine === false
          ? 'offline'
          : evidence.timerLateMs > LATE_MS
            ? 'woke-up'
            : 'unknown',
    at,
    evidence,
  }
}
