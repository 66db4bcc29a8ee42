// The keys that a configuration asks for: what tokens are verified with, and the secret that the gateway itself signs with.

import { randomBytes } from 'node:crypto'
import type { CryptoKey } from 'jose'
import type { Config } from '../config/schema.ts'
import { Failure } from '../failure.ts'
import { SECRET_ALGORITHMS } from './algorithm.ts'
import { publicKeys, sharedSecret, type KeySource } from './key-source.ts'
import { remoteKeys } from './remote-keys.ts'
import { secretKey, type SecretAlgorithm } from './token.ts'

const MADE_UP_SECRET_BYTES = 32

/** Keys. */
export interface TokenKeys {
  /** In the order in which they are tried; none where there are no tokens. */
  readonly sources: readonly KeySource[]
  /** Absent where nothing can be signed. */
  readonly secret: CryptoKey | undefined
}

type KeySettings = Pick<Config, 'jwtSecret' | 'jwtPublicKey' | 'jwksUrl' | 'jwtAlgorithm' | 'dev'>

/** Makes them; in development a secret is made up where none is given. Rejects with a `Failure` for keys that cannot be used. */
export async function tokenKeys({
  jwtSecret,
  jwtPublicKey,
  jwksUrl,
  jwtAlgorithm,
  dev,
}: KeySettings): Promise<TokenKeys> {
  const text = jwtSecret ?? (dev ? randomBytes(MADE_UP_SECRET_BYTES).toString('base64url') : undefined)
  const secret = text === undefined ? undefined : await secretKey(text, secretAlgorithmOf(jwtAlgorithm))
  const sources: KeySource[] = []
  if (secret !== undefined) sources.push(sharedSecret(secret))
  if (jwtPublicKey !== undefined) sources.push(given(jwtPublicKey, jwtAlgorithm))
  if (jwksUrl !== undefined) sources.push(remoteKeys(new URL(jwksUrl), jwtAlgorithm))
  return { sources, secret }
}

/** The algorithm of the secret: that of the settings, where it is one for secrets. */
export function secretAlgorithmOf(algorithm: Config['jwtAlgorithm']): SecretAlgorithm {
  return SECRET_ALGORITHMS.find((known) => known === algorithm) ?? 'HS256'
}

function given(text: string, algorithm: Config['jwtAlgorithm']): KeySource {
  try {
    return publicKeys(text, algorithm)
  } catch (error) {
    throw error instanceof Failure ? new Failure(`jwtPublicKey: ${error.message}`) : error
  }
}
