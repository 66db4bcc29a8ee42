// What is known of an ending when it happens. Shapes only.

/** How a connection, or the attempt at one, ended. */
export interface Ending {
  /** The close code as it came, ours or not. */
  readonly code?: number | undefined
  readonly reason?: string | undefined
  /** The wait the server asked for. */
  readonly retryAfterMs?: number | undefined
  /** Nothing happened in time: ended by this side. */
  readonly overdue?: boolean
  /** Nothing of the server was seen, though the link could be spoken to. */
  readonly unreached?: boolean
  /** Ended by something in this program (no token, no WebSocket), not by the other side. */
  readonly app?: boolean
  /** Ended by something in this program that will not change by trying again. */
  readonly hopeless?: boolean
}
