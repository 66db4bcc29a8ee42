// Who is signed in, for all tabs of the browser: the name in localStorage, the client of this tab beside it. Tokens
// are never stored: a page that is loaded asks for one.

import { createClient, type Client } from 'staywire/client'
import { keptToken } from './kept-token.ts'

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
  const getToken = () => tokens.get(client.cause?.class === 'auth')
  const tokens = keptToken(user)
  const client: Client = createClient('/realtime', { getToken, identity: user, label: 'demo' })
  return { user, client }
}
