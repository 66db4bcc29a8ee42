// Finds the words for a cause: by close code where it says more, else by network evidence, else by class.

import type { Cause, Status } from 'staywire/client'

/** What the dictionaries have words for. */
export type CauseKey =
  | Exclude<Cause['class'], 'network'>
  | NonNullable<Cause['network']>
  | 'token'
  | 4101
  | 4102
  | 4103
  | 4104
  | 4106
  | 4107
  | 4201
  | 4203
  | 4204
  | 4501
  | 4502
  | 4503
  | 4507

const CODES: readonly number[] = [
  4101, 4102, 4103, 4104, 4106, 4107, 4201, 4203, 4204, 4501, 4502, 4503, 4507,
] satisfies CauseKey[]

/** The key of the words for `cause`. What lies in this page is a token that could not be had, unless one disconnected by hand. */
export function causeKey(cause: Cause, status?: Status): CauseKey {
  if (cause.code !== undefined && CODES.includes(cause.code)) return cause.code as CauseKey
  if (cause.class === 'network') return cause.network ?? 'unknown'
  return cause.class === 'app' && status !== 'disconnected' ? 'token' : cause.class
}
