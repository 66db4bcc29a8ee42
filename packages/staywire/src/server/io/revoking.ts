// Reads what `server.revoke` is asked for: exactly one thing, until a time that is still to come.

import { StaywireError } from '../../protocol/error-code.ts'
import { LIMITS } from '../../protocol/limits.ts'
import type { Revocation, RevocationKind } from '../session/revocations.ts'

/** What is taken back: all that was given to a user, one session, or one token by its id. */
export type RevokeTarget = { readonly user: string } | { readonly session: string } | { readonly token: string }

const KINDS: readonly RevocationKind[] = ['user', 'session', 'token']

/** The revocation, `now` being Unix time in milliseconds. Throws a `StaywireError` `bad-option`. */
export function revocationOf(target: RevokeTarget, { until = 0 }: { until?: number }, now: number): Revocation {
  const named = Object.entries(target).filter(([, id]) => id !== undefined)
  const [name, id] = named[0] ?? []
  const kind = KINDS.find((known) => known === name)
  if (named.length !== 1 || kind === undefined || typeof id !== 'string' || id === '')
    throw new StaywireError('bad-option', 'revoke takes one of user, session and token, with its id.', {
      fix: 'Write e.g. { user: "ada" }.',
    })
  if (until !== 0 && !(until > now && Number.isFinite(until)))
    throw new StaywireError('bad-option', `until is ${until}, which is no time to come.`, {
      fix: 'Give Unix milliseconds: when the last token that falls under it runs out.',
    })
  return { kind, id, at: now, until: until === 0 ? now + LIMITS.revocationTtlMs.value : until }
}
