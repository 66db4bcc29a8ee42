// Errors of the wire as errors of the library.

import { StaywireError, type ErrorCode } from '../protocol/error-code.ts'

/** The error for a refusal by the server. Its code may be one of a newer version. */
export function failure(code: string, message: string, retryAfterMs?: number): StaywireError {
  return new StaywireError(code as ErrorCode, message, retryAfterMs === undefined ? {} : { retryAfterMs })
}

/** Where the outcome of something asked for goes: the two ends of a promise. */
export interface Settle<Value> {
  readonly resolve: (value: Value) => void
  readonly reject: (error: StaywireError) => void
}
