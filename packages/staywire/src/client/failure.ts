// Errors of the wire as errors of the library.

import { StaywireError, type ErrorCode } from '../protocol/error-code.ts'

/** The error for a refusal by the server. Its code may be one of a newer version. */
export function failure({
  code,
  message,
  retryAfterMs,
}: {
  readonly code: string
  readonly message: string
  readonly retryAfterMs?: number | undefined
}): StaywireError {
  return new StaywireError(code as ErrorCode, message, { retryAfterMs })
}
