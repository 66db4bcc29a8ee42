// Who is in a channel, kept up by joins and leaves. Ignores what is older than what it knows.

import type { PresenceState } from '../api.ts'
import type { JoinFrame, Member, ResultFrame, SubscribedFrame } from '../../protocol/frame.ts'

/** What is known, and as of which version. */
export interface Roster extends PresenceState {
  readonly version: number
  /** Everybody by name; absent where only counts are told. The changes of one tick all carry the count after it. */
  readonly names: readonly Member[] | undefined
}

/**
 * The presence after a frame: what it tells, or `known` when that is nothing new. Where only counts are told no members are
 * made up.
 */
export function nextPresence(
  known: Roster | undefined,
  frame: SubscribedFrame | ResultFrame | JoinFrame,
): Roster | undefined {
  const { type, memberCount: count, presenceVersion: version = 0 } = frame
  if (count === undefined) return known
  if (type !== 'join' && type !== 'leave') {
    const { members } = frame as ResultFrame
    return { members: members ?? [], count, version, names: members }
  }
  if (!known || version <= known.version) return known
  const { member } = frame
  const others = member && known.names?.filter(({ user }) => user !== member.user)
  const names = type === 'join' && others ? [...others, member] : others
  return { members: names ?? [], count, version, names }
}
