// One user's token, kept in memory for as long as it is good.

import { Refused, requestToken } from './sign-in.ts'

/** Tokens live for an hour; well before that the client asks for a newer one. */
const KEPT_MS = 30 * 60_000

/** `get` answers the kept token, or a new one when that is old or was refused; `null` when the server takes the name no more. */
export function keptToken(user: string): { get(refused: boolean): Promise<string | null> } {
  let kept: { readonly token: string; readonly at: number } | undefined
  return {
    async get(refused) {
      if (kept !== undefined && !refused && Date.now() - kept.at < KEPT_MS) return kept.token
      try {
        kept = { token: (await requestToken(user)).token, at: Date.now() }
        return kept.token
      } catch (error) {
        if (error instanceof Refused) return null
        throw error // the client tries again
      }
    },
  }
}
