// Who is in a channel, kept up by joins and leaves. Ignores what is older than what it knows.

import type { PresenceState } from '../api.ts'
import type { JoinFrame, Member } from '../../protocol/frame.ts'

/** What is known, and as of which version. */
export interface Roster extends PresenceState {
  readonly version: number
  /** Whether `members` names everybody. The changes of one tick all carry the count after it, so the two may differ meanwhile. */
  readonly named: boolean
}

/** The presence told with a `subscribed` or a `result`; `undefined` when it tells none. */
export function toldPresence(frame: {
  readonly members?: readonly Member[]
  readonly memberCount?: number
  readonly presenceVersion?: number
}): Roster | undefined {
  if (frame.memberCount === undefined) return undefined
  return {
    members: frame.members ?? [],
    count: frame.memberCount,
    version: frame.presenceVersion ?? 0,
    named: frame.members !== undefined,
  }
}

/** The presence after a join or leave; the same object when that is old news. Where only counts are told no members are made up. */
export function changedPresence(
  roster: Roster,
  { type, member, memberCount: count, presenceVersion: version }: JoinFrame,
): Roster {
  if (version <= roster.version) return roster
  if (member === undefined || !roster.named) return { members: [], count, version, named: false }
  const others = roster.members.filter(({ user }) => user !== member.user)
  return { members: type === 'join' ? [...others, member] : others, count, version, named: true }
}
