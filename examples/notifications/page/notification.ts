// What is sent to a user's devices: a type.

export interface Notification {
  readonly id: string
  readonly text: string
  /** Unix milliseconds. */
  readonly at: number
}
