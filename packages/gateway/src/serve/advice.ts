// What deserves a warning in the log at the start, though it is allowed.

import type { Config } from '../config/schema.ts'
import { SECRET_BYTES } from '../identity/token.ts'

const ADMIN_KEY_CHARS = 16

/** One sentence each. Never a secret itself. */
export function adviceOn(
  { jwtSecret, adminKey, anonymous }: Config,
  unknownVariables: readonly string[],
): readonly string[] {
  const weakSecret = jwtSecret !== undefined && Buffer.byteLength(jwtSecret) < SECRET_BYTES
  const weakKey = adminKey !== undefined && adminKey.length < ADMIN_KEY_CHARS
  return [
    ...unknownVariables.map((name) => `${name} is no setting and is ignored`),
    ...(weakSecret ? [`the JWT secret has fewer than ${SECRET_BYTES} bytes: tokens can be forged by guessing it`] : []),
    ...(weakKey ? [`the admin key has fewer than ${ADMIN_KEY_CHARS} characters: it can be guessed`] : []),
    ...(anonymous ? ['anonymous clients are let in'] : []),
  ]
}
