// A request that is answered with an error status. Says it once; how it looks on the wire is the handler's business.

/** Thrown by whatever handles a request. */
export class RouteError extends Error {
  override readonly name = 'RouteError'
  readonly status: number
  /** For programs: `bad-request`, `no-connection`. */
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}
