// Who is in one channel: sessions counted into members (users), every change with a version, changes of a tick coalesced.
// Sends nothing and knows no connections.

import type { Member } from '../../protocol/frame.ts'
import type { MemberEntry } from '../broker/broker.ts'

/** What became of one user since the last announcement. */
export interface Change {
  readonly type: 'join' | 'leave'
  readonly member: Member
  /** The versions at which they came and went, in turn; the last one is of `type`. */
  readonly versions: readonly number[]
}

/** Who is there, as of `version`. */
export interface Snapshot {
  readonly members: readonly Member[]
  readonly memberCount: number
  readonly version: number
}

/** One user, in by one session or several. */
interface Presence {
  sessions: number
  readonly member: Member
}

/** A change that goes on. */
interface Pending {
  type: Change['type']
  member: Member
  readonly versions: number[]
}

/** The members of one channel. */
export class Roster {
  readonly #nextVersion: () => number
  readonly #sessions = new Map<string, string>()
  readonly #users = new Map<string, Presence>()
  #pending = new Map<string, Pending>()
  #version: number

  /** `nextVersion` gives numbers that only grow, over the lives of a channel's roster too. */
  constructor(nextVersion: () => number) {
    this.#nextVersion = nextVersion
    this.#version = nextVersion()
  }

  /** The version of the last change. */
  get version(): number {
    return this.#version
  }

  get memberCount(): number {
    return this.#users.size
  }

  /** Whether nobody is in it and nothing is left to announce. */
  get idle(): boolean {
    return this.#sessions.size === 0 && this.#pending.size === 0
  }

  /** A session came. Says whether that makes a new member. */
  join({ session, user, data }: MemberEntry): boolean {
    if (this.#sessions.has(session)) return false
    this.#sessions.set(session, user)
    const known = this.#users.get(user)
    if (known !== undefined) {
      known.sessions++
      return false
    }
    const member = data === undefined ? { user } : { user, data }
    this.#users.set(user, { sessions: 1, member })
    this.#change('join', member)
    return true
  }

  /** A session went. Says whether a member went with it. */
  leave(session: string): boolean {
    const user = this.#sessions.get(session)
    const known = user === undefined ? undefined : this.#users.get(user)
    if (user === undefined || known === undefined) return false
    this.#sessions.delete(session)
    if (--known.sessions > 0) return false
    this.#users.delete(user)
    this.#change('leave', known.member)
    return true
  }

  /** Who is there now; what was not announced yet is in it. More than `maxMembers` are counted, not named. */
  look(maxMembers: number): Snapshot {
    const members = this.#users.size > maxMembers ? [] : Array.from(this.#users.values(), ({ member }) => member)
    return { members, memberCount: this.#users.size, version: this.#version }
  }

  /** The changes since the last time, one per user, in the order of their last versions. */
  takeChanges(): readonly Change[] {
    const changes = [...this.#pending.values()]
    this.#pending = new Map()
    return changes
  }

  #change(type: Change['type'], member: Member): void {
    this.#version = this.#nextVersion()
    const pending = this.#pending.get(member.user) ?? { type, member, versions: [] }
    // Moved to the end, so that the order is that of the last versions.
    this.#pending.delete(member.user)
    this.#pending.set(member.user, pending)
    pending.type = type
    pending.member = member
    pending.versions.push(this.#version)
  }
}

/** Whether who knows everything up to version `since` has to be told: coming and going again since then is nothing to tell. */
export function isNews({ versions }: Change, since: number): boolean {
  let later = 0
  for (let index = versions.length - 1; index >= 0 && (versions[index] as number) > since; index--) later++
  return later % 2 === 1
}
