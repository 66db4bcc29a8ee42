// The members of one process: which sessions are in which channel. Its size follows what is put in: who puts also removes.

import type { MemberEntry, Members, MembersListener } from '../broker.ts'

/** Entries by channel and session; the listener is told in the turn of the change. */
export class MemoryMembers implements Members {
  readonly #channels = new Map<string, Map<string, MemberEntry>>()
  #listener: MembersListener | undefined
  #count = 0

  /** Entries over all channels. */
  get count(): number {
    return this.#count
  }

  listen(listener: MembersListener): void {
    this.#listener = listener
  }

  put(channel: string, entry: MemberEntry): Promise<void> {
    let sessions = this.#channels.get(channel)
    if (sessions === undefined) this.#channels.set(channel, (sessions = new Map<string, MemberEntry>()))
    const isNew = !sessions.has(entry.session)
    sessions.set(entry.session, entry)
    if (isNew) {
      this.#count++
      this.#listener?.(channel, 'join', entry)
    }
    return Promise.resolve()
  }

  remove(channel: string, session: string): Promise<void> {
    const sessions = this.#channels.get(channel)
    const entry = sessions?.get(session)
    if (sessions !== undefined && entry !== undefined) {
      sessions.delete(session)
      if (sessions.size === 0) this.#channels.delete(channel)
      this.#count--
      this.#listener?.(channel, 'leave', entry)
    }
    return Promise.resolve()
  }

  list(channel: string): Promise<readonly MemberEntry[]> {
    return Promise.resolve([...(this.#channels.get(channel)?.values() ?? [])])
  }
}
