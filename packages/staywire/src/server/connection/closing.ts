// How a connection is told that it is over.

import type { CloseCode } from '../../protocol/close-code.ts'
import type { Output } from './output.ts'

/** A close by the server, with a code of the table. */
export function closeOutput(
  { code, reason }: Pick<CloseCode, 'code' | 'reason'>,
  more: { readonly term?: number; readonly retryAfterMs?: number } = {},
): Output {
  return { type: 'close', code, reason, by: 'server', told: true, ...more }
}
