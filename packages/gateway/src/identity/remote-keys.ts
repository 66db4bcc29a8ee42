// Public keys that are fetched from one URL, which is configured and never comes from a token. Kept for ten minutes, asked for
// anew at most once in 30 s however many unknown keys are named; while the URL does not answer, those known last still count.

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose'
import { pinned, PUBLIC_ALGORITHMS, type Algorithm } from './algorithm.ts'
import { isJwk, isRefusal, MOST_KEYS, type KeySource } from './key-source.ts'

/** Durations in milliseconds; for tests. */
export interface RemoteKeyTimes {
  /** Least time between two requests for a key that is not known. Default 30,000. */
  readonly cooldownMs?: number
  /** How long keys are good without asking. Default 600,000. */
  readonly maxAgeMs?: number
  /** Least time between two requests while they fail. Default 1,000. */
  readonly retryMs?: number
}

/** Longest wait for an answer: shorter than a decision may take. */
const TIMEOUT_MS = 4_000
/** Largest answer, in bytes. */
const MOST_BYTES = 1_048_576

/** The source for a URL. `chosen` is for keys that do not name an algorithm. */
export function remoteKeys(
  url: URL,
  chosen?: Algorithm,
  { cooldownMs = 30_000, maxAgeMs = 600_000, retryMs = 1_000 }: RemoteKeyTimes = {},
): KeySource {
  const fetching = new Fetching(retryMs, chosen)
  const remote = createRemoteJWKSet(url, {
    timeoutDuration: TIMEOUT_MS,
    cooldownDuration: cooldownMs,
    cacheMaxAge: maxAgeMs,
    [customFetch]: (...request) => fetching.fetch(...request),
  })
  const key: JWTVerifyGetKey = async (header, token) => {
    try {
      return await remote(header, token)
    } catch (error) {
      const known = remote.jwks()
      if (isRefusal(error) || known === undefined) throw error
      return createLocalJWKSet(known)(header, token).catch(() => {
        // A key that is not among those known last may be a new one: that cannot be told now.
        throw error
      })
    }
  }
  return { algorithms: PUBLIC_ALGORITHMS, key }
}

/** Asks for a key set, and does not go on asking a server that fails. */
class Fetching {
  readonly #retryMs: number
  readonly #chosen: Algorithm | undefined
  #failure: { readonly at: number; readonly error: unknown } | undefined

  constructor(retryMs: number, chosen: Algorithm | undefined) {
    this.#retryMs = retryMs
    this.#chosen = chosen
  }

  async fetch(url: string, init: RequestInit): Promise<Response> {
    if (this.#failure !== undefined && performance.now() < this.#failure.at + this.#retryMs) throw this.#failure.error
    try {
      const response = await fetch(url, init)
      if (response.status !== 200) throw new errors.JOSEError(`The key set was answered with ${response.status}.`)
      const keys = usableOf(JSON.parse(await textOf(response)) as Partial<JSONWebKeySet>, this.#chosen)
      this.#failure = undefined
      return Response.json({ keys })
    } catch (error) {
      this.#failure = { at: performance.now(), error }
      throw error
    }
  }
}

/** What can be used of a set: others may stand in it for other purposes (RFC 7517 §5). */
function usableOf({ keys }: Partial<JSONWebKeySet>, chosen: Algorithm | undefined): readonly object[] {
  if (!Array.isArray(keys)) throw new errors.JWKSInvalid('The answer is no JSON Web Key Set.')
  return keys
    .filter(isJwk)
    .slice(0, MOST_KEYS)
    .flatMap((jwk) => {
      try {
        return [pinned(jwk, chosen)]
      } catch {
        return []
      }
    })
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of body ?? []) {
    bytes += chunk.length
    if (bytes > MOST_BYTES) throw new errors.JOSEError('The key set is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString()
}
