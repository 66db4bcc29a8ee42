// How a connection ended, as it is told in the next `connected.previous`.

/** Code, reason and Unix time in milliseconds. */
export interface Ending {
  readonly code: number
  readonly reason: string
  readonly at: number
}
