// The one client of this page, and who it is for. Whoever imports this gets the same one.

import { createClient, type Client } from 'staywire/client'

const STORED = 'shared-stream.token'

/** The token of whoever is signed in in this browser. */
export const token = {
  get: () => localStorage.getItem(STORED),
  set: (value: string) => localStorage.setItem(STORED, value),
  remove: () => localStorage.removeItem(STORED),
}

/** The client. Tabs of the same person, whom it reads in the token, share its stream. */
export const client: Client = createClient('/realtime', { getToken: token.get, transports: ['sse'], label: 'chat' })
