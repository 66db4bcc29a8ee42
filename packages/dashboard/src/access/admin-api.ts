// The admin API of the server, as far as this page uses it. Says what went wrong in three words the page can show.

/** A live connection, as `GET /api/v1/connections` tells it. Times are Unix milliseconds. */
export interface Connection {
  readonly id: string
  readonly user: string
  readonly address: string
  readonly transport: string
  readonly origin: { readonly browser?: string; readonly tab?: string; readonly page?: string; readonly label?: string }
  readonly connectedAt: number
  readonly subscriptions: readonly string[]
  readonly missedPings: number
  readonly rttMs?: number
  readonly outboxBytes: number
}

/** A channel with subscribers, as `GET /api/v1/channels` tells it. */
export interface Channel {
  readonly channel: string
  readonly subscribers: number
}

/** A server that has not answered by then does not answer. */
const DEADLINE_MS = 10_000

/** `key`: an admin key is needed, or another one · `off`: the server has no admin API · `unreachable`: no answer, or no sensible one. */
export type Problem = 'key' | 'off' | 'unreachable'

/** What a request rejects with. */
export class ApiError extends Error {
  readonly problem: Problem

  constructor(problem: Problem) {
    super(`The admin API: ${problem}.`)
    this.problem = problem
  }
}

/** The admin API with one key, or with none (a server in development asks for none on its own machine). */
export class AdminApi {
  readonly key: string | undefined

  constructor(key: string | undefined) {
    this.key = key
  }

  /** The oldest connections, as many as the server lists at once, and how many there are. */
  connections(signal: AbortSignal): Promise<{ readonly connections: readonly Connection[]; readonly total: number }> {
    return this.#request('GET', 'connections', signal)
  }

  async channels(signal: AbortSignal): Promise<readonly Channel[]> {
    const { channels } = await this.#request<{ channels: Channel[] }>('GET', 'channels', signal)
    return channels
  }

  /** Closes a connection for good (4502). */
  async kick(connection: string): Promise<void> {
    await this.#request('DELETE', `connections/${encodeURIComponent(connection)}`)
  }

  async #request<Body>(method: string, path: string, signal?: AbortSignal): Promise<Body> {
    const headers = this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }
    const deadline = AbortSignal.timeout(DEADLINE_MS)
    const until = signal === undefined ? deadline : AbortSignal.any([signal, deadline])
    const response = await fetch(`/api/v1/${path}`, { method, headers, signal: until }).catch((error: unknown) => {
      if (signal?.aborted === true) throw error
      throw new ApiError('unreachable')
    })
    if (response.status === 401 || response.status === 403) throw new ApiError('key')
    if (response.status === 404 && method === 'GET') throw new ApiError('off')
    if (!response.ok && response.status !== 404) throw new ApiError('unreachable')
    const text = await response.text()
    return (text === '' ? {} : JSON.parse(text)) as Body
  }
}
