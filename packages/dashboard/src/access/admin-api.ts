// The admin API of the server, as far as this page uses it. Says what went wrong in a few words that the page can show.
import type {
  Alert,
  AlertRule,
  Channel,
  ClosedConnection,
  Connection,
  FailedHandshake,
  Finding,
  Forecast,
  Health,
  HistoryPublication,
  NodeFacts,
  Overview,
  TimelineEntry,
  User,
} from './shapes.ts'

/** A server that has not answered by then does not answer. */
const DEADLINE_MS = 10_000

/** `key`: an admin key is needed, or another one · `off`: the server has no admin API · `unreachable`: no answer, or no sensible one. */
export type Problem = 'key' | 'off' | 'unreachable'

/** What a request rejects with. `message` is what the server said, where it said something. */
export class ApiError extends Error {
  readonly problem: Problem | 'refused'

  constructor(problem: Problem | 'refused', message: string = problem) {
    super(message)
    this.problem = problem
  }
}

type Query = Readonly<Record<string, string | number | undefined>>

async function request<Body>(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<Body> {
  const deadline = AbortSignal.timeout(DEADLINE_MS)
  const response = await fetch(`/api/${path}`, {
    method,
    signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
    ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    if (signal?.aborted === true) throw error
    throw new ApiError('unreachable')
  })
  const text = await response.text()
  const json = text.startsWith('{')
    ? (JSON.parse(text) as Body & { error?: { code?: string; message?: string } })
    : undefined
  if (response.ok) return (json ?? {}) as Body
  if (response.status === 401 || response.status === 403) throw new ApiError('key')
  if (response.status === 404 && json?.error?.code === 'not-found') throw new ApiError('off')
  if (response.status >= 500) throw new ApiError('unreachable')
  throw new ApiError('refused', json?.error?.message)
}

function get<Body>(path: string, signal: AbortSignal, query: Query = {}): Promise<Body> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
  return request('GET', given.length === 0 ? path : `${path}?${new URLSearchParams(given)}`, signal)
}

const post = <Body = unknown>(path: string, body: unknown = {}): Promise<Body> => request('POST', path, undefined, body)
const segment = encodeURIComponent

/** What can be asked and done. */
export const adminApi = {
  signIn: (key: string) => post('v1/session', { key }),
  signOut: () => request('DELETE', 'v1/session'),
  overview: (signal: AbortSignal) => get<Overview>('v1/overview', signal),
  forecast: (signal: AbortSignal) => get<{ forecasts: readonly Forecast[] }>('v1/forecast', signal),
  connections: (signal: AbortSignal) =>
    get<{ connections: readonly Connection[]; total: number }>('v1/connections', signal, { limit: 100_000 }),
  closed: (signal: AbortSignal) =>
    get<{ closed: readonly ClosedConnection[]; total: number }>('v1/closed', signal, { limit: 10_000 }),
  handshakes: (signal: AbortSignal) =>
    get<{ handshakes: readonly FailedHandshake[]; total: number }>('v1/handshakes', signal, { limit: 1_000 }),
  users: (signal: AbortSignal) =>
    get<{ users: readonly User[]; total: number; bans: readonly { user: string; until?: number }[] }>(
      'v1/users',
      signal,
      {
        limit: 100_000,
      },
    ),
  timeline: (user: string, signal: AbortSignal) =>
    get<{ timeline: readonly TimelineEntry[] }>('v1/timeline', signal, { user }),
  channels: (signal: AbortSignal) =>
    get<{ channels: readonly Channel[]; total: number }>('v1/channels', signal, { limit: 100_000 }),
  history: (channel: string, signal: AbortSignal) =>
    get<{ publications: readonly HistoryPublication[] }>(`v1/channels/${segment(channel)}/history`, signal, {
      limit: 20,
    }),
  findings: (language: string, signal: AbortSignal) =>
    get<{ findings: readonly Finding[] }>('v1/findings', signal, { lang: language }),
  alerts: (signal: AbortSignal) =>
    get<{ active: readonly Alert[]; past: readonly Alert[]; rules: readonly AlertRule[] }>('v1/alerts', signal),
  health: (signal: AbortSignal) => get<Health>('websocket/health', signal),
  node: (signal: AbortSignal) => get<NodeFacts>('websocket/status', signal),
  kick: (connection: string) => request('DELETE', `v1/connections/${segment(connection)}`),
  kickUser: (user: string) => post(`v1/users/${segment(user)}/kick`),
  ban: (user: string) => post(`v1/users/${segment(user)}/ban`),
  unban: (user: string) => post(`v1/users/${segment(user)}/unban`),
  closeAll: (perSecond: number) => post<{ closed: number }>('v1/connections/close-all', { perSecond }),
  publish: (channel: string, data: unknown) => post<{ position?: { offset: number } }>('v1/publish', { channel, data }),
  silence: (rule: string, forMs: number) => post(`v1/alerts/${segment(rule)}/silence`, { forMs }),
} as const
