// The channels of operators: what of the API is published when it changes, so that a page need not ask again and again. Names
// and rules only.

import { LANGUAGES } from '../findings/words/words.ts'

/** Where it is published that there is something new about connections, without saying what. PROTOCOL.md, ADMIN-4. */
export const CHANGES_CHANNEL = '$admin:connections'

/** The question whose answer a channel carries. */
export interface AdminQuestion {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
}

/** By channel: what it carries. PROTOCOL.md, ADMIN-3. */
export const ADMIN_QUESTIONS: Readonly<Record<string, AdminQuestion>> = {
  '$admin:overview': { path: '/api/v1/overview', query: { samples: '1' } },
  '$admin:alerts': { path: '/api/v1/alerts', query: {} },
  '$admin:health': { path: '/api/websocket/health', query: {} },
  '$admin:forecast': { path: '/api/v1/forecast', query: {} },
  ...Object.fromEntries(
    LANGUAGES.map((lang) => [`$admin:findings:${lang}`, { path: '/api/v1/findings', query: { lang } }]),
  ),
}

/** Whoever comes back soon misses nothing; whoever does not asks the route. */
const RULE = {
  subscribe: true,
  publish: false,
  durability: 'memory',
  history: { size: 10, ttlMs: 60_000 },
} as const

/** The rules of a server for operators, and for nobody else: everybody whom it lets in may subscribe to all of them. */
export const ADMIN_CHANNELS: Readonly<Record<string, typeof RULE>> = Object.fromEntries(
  [...Object.keys(ADMIN_QUESTIONS), CHANGES_CHANNEL].map((channel) => [channel, RULE]),
)
