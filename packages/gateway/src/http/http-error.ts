// A request that is answered with an error status. Says it once; what it looks like on the wire is `answer.ts`'s business.

/** Thrown by whatever handles a request. */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  readonly status: number
  /** For programs: `not-found`, `bad-json`, or a code of `StaywireError`. */
  readonly code: string
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.headers = headers
  }
}
