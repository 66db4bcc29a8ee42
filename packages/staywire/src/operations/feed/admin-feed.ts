// Finds out what operators are to be told: what has changed on the channels that somebody looks at. It publishes nothing
// itself, and costs nothing while nobody looks.

import type { OperationsRoute } from '../http/route.ts'
import { ADMIN_QUESTIONS, CHANGES_CHANNEL, type AdminQuestion } from './admin-channels.ts'

/** What is to be published. */
export interface AdminNews {
  readonly channel: string
  readonly data: unknown
}

/** A crowd that comes and goes is told of so often at most: each time a page asks for the whole list. */
const CHANGES_EVERY_MS = 2_000

/** The feed of one node. */
export class AdminFeed {
  readonly #routes: readonly OperationsRoute[]
  readonly #changes: () => number
  readonly #told = new Map<string, string>()
  #changesTold = -1
  #changesAt = -Infinity

  /** `changes`: a number that is another one after everything that happened to connections. */
  constructor(routes: readonly OperationsRoute[], changes: () => number) {
    this.#routes = routes
    this.#changes = changes
  }

  /** What is new on the channels `watched`. A channel that nobody watched has something new as soon as somebody does. */
  async news(watched: ReadonlySet<string>, now: number): Promise<readonly AdminNews[]> {
    for (const channel of this.#told.keys()) if (!watched.has(channel)) this.#told.delete(channel)
    const asked = Object.entries(ADMIN_QUESTIONS).filter(([channel]) => watched.has(channel))
    const news = await Promise.all(asked.map(([channel, question]) => this.#newAnswer(channel, question)))
    return [...news.flat(), ...this.#changed(watched, now)]
  }

  async #newAnswer(channel: string, { path, query }: AdminQuestion): Promise<readonly AdminNews[]> {
    const route = this.#routes.find((one) => one.method === 'GET' && one.path === path)
    const answer = await route?.handle({ parameters: {}, query, body: undefined })
    if (answer === undefined || !('json' in answer)) return []
    const text = JSON.stringify(answer.json)
    if (this.#told.get(channel) === text) return []
    this.#told.set(channel, text)
    return [{ channel, data: answer.json }]
  }

  #changed(watched: ReadonlySet<string>, now: number): readonly AdminNews[] {
    const changes = this.#changes()
    if (!watched.has(CHANGES_CHANNEL) || changes === this.#changesTold || now - this.#changesAt < CHANGES_EVERY_MS)
      return []
    this.#changesTold = changes
    this.#changesAt = now
    return [{ channel: CHANGES_CHANNEL, data: null }]
  }
}
