// What happened to each user, latest first: the users of late, and the last few things of each. It keeps facts, no data.

import { closeClass } from '../../protocol/close-code.ts'
import type { ServerEvent } from '../../server/observer/observer.ts'
import { causeOf } from './closed-connections.ts'
import { Ring } from './ring.ts'

/** One thing that happened. */
export interface TimelineEntry {
  /** Unix time in milliseconds. */
  readonly at: number
  readonly what: 'connected' | 'resumed' | 'closed' | 'ping-missed' | 'gap' | 'limited' | 'frame-refused'
  readonly connection: string
  /** What there is to say about it, in words. */
  readonly detail: string
}

const USERS = 1_000
const ENTRIES = 50

/** The timelines of users. */
export class Timelines {
  /** The user of whom something was heard last is the last. */
  readonly #byUser = new Map<string, Ring<TimelineEntry>>()
  readonly #users: number

  /** `users`: of how many users. */
  constructor(users = USERS) {
    this.#users = users
  }

  /** The last things of a user, latest first; none for one who is not remembered. */
  of(user: string): TimelineEntry[] {
    return [...(this.#byUser.get(user)?.newest() ?? [])].map(({ entry }) => entry)
  }

  /** Takes in what happened; `userOf` knows whose a connection is. */
  report(event: ServerEvent, at: number, userOf: (connection: string) => string | undefined): void {
    switch (event.type) {
      case 'connected': {
        const { connection, user, address, transport } = event.facts
        const what = event.resumed ? 'resumed' : 'connected'
        return this.#add(user, { at, what, connection, detail: `over ${transport} from ${address}` })
      }
      case 'closed': {
        const { connection, facts, code, by } = event
        const detail = `${code} (${closeClass(code)}): ${causeOf(code, by)}`
        return this.#add(facts?.user, { at, what: 'closed', connection, detail })
      }
      case 'ping-missed': {
        const { connection, user, missed } = event
        return this.#add(user, { at, what: 'ping-missed', connection, detail: `${missed} in a row` })
      }
      case 'limited': {
        const { connection, user, limit, outcome } = event
        return this.#add(user, { at, what: 'limited', connection, detail: `${outcome} by ${limit}` })
      }
      case 'subscribed': {
        const { connection, channel, outcome } = event
        if (outcome !== 'gap') return
        return this.#add(userOf(connection), { at, what: 'gap', connection, detail: channel })
      }
      case 'frame-refused': {
        const { connection, code } = event
        return this.#add(userOf(connection), { at, what: 'frame-refused', connection, detail: code })
      }
      default:
    }
  }

  #add(user: string | undefined, entry: TimelineEntry): void {
    if (user === undefined || user === '') return
    const ring = this.#byUser.get(user) ?? new Ring<TimelineEntry>(ENTRIES)
    this.#byUser.delete(user)
    this.#byUser.set(user, ring)
    ring.push(entry)
    if (this.#byUser.size <= this.#users) return
    const longest = this.#byUser.keys().next()
    if (longest.done !== true) this.#byUser.delete(longest.value)
  }
}
