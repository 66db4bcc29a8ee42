// Names and secrets that nobody can guess, and a comparison of secrets that tells nothing by its time.

import { randomFillSync, timingSafeEqual } from 'node:crypto'
import type { Mint } from '../session/admission.ts'

const POOL_BYTES = 8_192

/** Random bytes are fetched many at a time: one call each would cost more than the rest of a connect. */
export function createMint(): Mint {
  const pool = Buffer.allocUnsafeSlow(POOL_BYTES)
  let used = POOL_BYTES
  const take = (bytes: number): string => {
    if (used + bytes > POOL_BYTES) {
      randomFillSync(pool)
      used = 0
    }
    const text = pool.toString('base64url', used, used + bytes)
    for (const end = used + bytes; used < end; used++) pool[used] = 0
    return text
  }
  return { id: () => take(12), secret: () => take(16) }
}

/** Whether two secrets are the same; takes as long for any of the same length. */
export function sameSecret(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
