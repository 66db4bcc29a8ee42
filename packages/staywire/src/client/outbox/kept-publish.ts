// A publish as it is written down, and what a tab makes of those that an earlier page of the same person left. Writes nothing.

import type { Terms } from '../owner/port.ts'
import type { Sent } from './outbox.ts'

/** One unanswered publish on disk. Times are Unix milliseconds: they must mean something to the next page. */
export interface KeptPublish {
  /** Unique among all pages. */
  readonly id: string
  /** The client that answers for it. While that lives, nobody else takes it. */
  readonly holder: string
  /** The tab of that client. */
  readonly tab: string
  /** Server path and person: nobody else's client ever sees it. */
  readonly scope: string
  /** With `n`, its place in the order. */
  readonly at: number
  readonly n: number
  readonly expiresAt: number
  readonly channel: string
  readonly key: string
  /** The JSON text of its frame, without the opening brace. */
  readonly body: string
  /** The user as the server called them, where that was known. */
  readonly user?: string | undefined
  /** Written before it is sent. */
  readonly sent?: Sent | undefined
}

/** Oldest first. */
export function inOrder(records: readonly KeptPublish[]): KeptPublish[] {
  return records.toSorted((a, b) => a.at - b.at || a.n - b.n)
}

/** Its remaining time to live. A clock that was set back does not lengthen it. */
export function remainingMs({ at, expiresAt }: KeptPublish, now: number): number {
  return Math.min(expiresAt - now, expiresAt - at)
}

/** When it may have been done. After a clock was set back its age cannot be told: then it is older than any server remembers. */
export function sentAsFarAsKnown({ sent }: KeptPublish, now: number): Sent | undefined {
  return sent && sent.at > now ? { ...sent, at: -Infinity } : sent
}

/** Why a publish must not be sent on a connection with these terms; nothing if it may. PROTOCOL.md, CLI-2. */
export function unsafe(record: KeptPublish, terms: Terms, now: number): 'closed' | 'unknown' | undefined {
  const sent = sentAsFarAsKnown(record, now)
  const { windowMs, life } = terms.dedupe
  if (sent && (sent.life !== life || sent.at < now - windowMs * 0.9)) return 'unknown'
  if (record.user === undefined || record.user === terms.user) return undefined
  return sent ? 'unknown' : 'closed'
}

/**
 * Which of the publishes, oldest first, fit into `count` and `bytes`: the oldest for policy `reject`, the newest for
 * `drop-oldest`. What comes after the first that does not fit is left out too: a hole would be worse than an end.
 */
export function fitting(
  records: readonly KeptPublish[],
  {
    count,
    bytes,
    policy,
  }: { readonly count: number; readonly bytes: number; readonly policy: 'reject' | 'drop-oldest' },
  length: (text: string) => number,
): ReadonlySet<KeptPublish> {
  const fit = new Set<KeptPublish>()
  let left = bytes
  for (const record of policy === 'reject' ? records : records.toReversed()) {
    left -= length(record.body)
    if (left < 0 || fit.size >= count) break
    fit.add(record)
  }
  return fit
}
