// A position says how far a reader has got in a channel: which life of its history (epoch) and which publication in it (offset).

/**
 * A place in a channel. `epoch` names one life of the channel's history (no colon in it); `offset` counts publications
 * 1, 2, 3 … inside that life, and 0 means "nothing yet". PROTOCOL.md, REC.
 */
export interface Position {
  readonly epoch: string
  readonly offset: number
}

/** Longest epoch accepted from the wire, in characters. */
const EPOCH_MAX_CHARS = 64
const EPOCH = /^[A-Za-z0-9_-]+$/

/** Whether `value` is a well-formed position: an epoch of at most 64 URL-safe characters and an offset that is a safe integer ≥ 0. */
export function isPosition(value: unknown): value is Position {
  if (typeof value !== 'object' || value === null) return false
  const { epoch, offset } = value as { epoch?: unknown; offset?: unknown }
  return typeof epoch === 'string' && isEpoch(epoch) && isOffset(offset)
}

/** Whether `value` can be an offset: a safe integer ≥ 0. */
export function isOffset(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

/** Text form `epoch:offset`, as `Last-Event-ID` and log lines carry it. */
export function formatPosition(position: Position): string {
  return `${position.epoch}:${position.offset}`
}

/** Reads the text form `epoch:offset`; `undefined` for anything else. */
export function parsePosition(text: string): Position | undefined {
  const colon = text.indexOf(':')
  const digits = text.slice(colon + 1)
  if (colon < 1 || !/^(0|[1-9]\d{0,15})$/.test(digits)) return undefined
  const position = { epoch: text.slice(0, colon), offset: Number(digits) }
  return isPosition(position) ? position : undefined
}

function isEpoch(epoch: string): boolean {
  return epoch.length <= EPOCH_MAX_CHARS && EPOCH.test(epoch)
}
