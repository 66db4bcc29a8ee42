// Who is signed in, for all tabs of the browser: the name in localStorage, the client of this tab beside it. The token is
// never stored; it is asked for again whenever the client needs one, so a gateway with a new secret is no problem.

import { createClient, type Client } from 'staywire/client'
import { Refused, requestToken } from './sign-in.ts'

/** Somebody signed in, and their client in this tab. */
export interface Session {
  readonly user: string
  readonly client: Client
}

const STORED = 'staywire.demo.user'
const listeners = new Set<() => void>()
let session = open(localStorage.getItem(STORED))

/** The signed-in account as a store: `subscribe` and `snapshot` for React, `signIn` and `signOut` for forms. */
export const account = {
  snapshot: () => session,
  subscribe(changed: () => void): () => void {
    listeners.add(changed)
    return () => listeners.delete(changed)
  },
  signIn(user: string): void {
    localStorage.setItem(STORED, user)
    become(user)
  },
  signOut(): void {
    localStorage.removeItem(STORED)
    become(null)
  },
}

addEventListener('storage', ({ key, newValue }) => {
  if (key === STORED || key === null) become(newValue)
})

function become(user: string | null): void {
  if (user === (session?.user ?? null)) return
  session?.client.disconnect({ end: true })
  session?.client.close()
  session = open(user)
  for (const changed of listeners) changed()
}

function open(user: string | null): Session | undefined {
  if (user === null) return undefined
  const getToken = () => requestToken(user).then(({ token }) => token, nothingIfRefused)
  return { user, client: createClient('/realtime', { getToken, identity: user, label: 'demo' }) }
}

/** A refusal signs out; anything else is for the client to try again. */
function nothingIfRefused(error: unknown): null {
  if (error instanceof Refused) return null
  throw error
}
