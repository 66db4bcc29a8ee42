// Who is in a channel, kept up by joins and leaves. Ignores what is older than what it knows.

import type { PresenceState } from '../api.ts'
import type { JoinFrame, Member } from '../../protocol/frame.ts'

/** What is known, and as of which version. */
export interface Roster extends PresenceState {
  readonly version: number
}

/** The presence told with a `subscribed` or a `result`; `undefined` when it tells none. */
export function toldPresence(frame: { readonly members?: readonly Member[]; readonly memberCount?: number; readonly presenceVersion?: number }): Roster | undefined {
  if (frame.memberCount === undefined) return undefined
  return { members: frame.members ?? [], count: frame.memberCount, version: frame.presenceVersion ?? 0 }
}

/** The presence after a join or leave; the same object when that is old news. Where only counts are told no members are made up. */
export function changedPresence(roster: Roster, { type, member, memberCount: count, presenceVersion: version }: JoinFrame): Roster {
  if (version <= roster.version) return roster
  if (member === undefined || roster.members.length !== roster.count) return { members: [], count, version }
  const others = roster.members.filter(({ user }) => user !== member.user)
  return { members: type === 'join' ? [...others, member] : others, count, version }
}
