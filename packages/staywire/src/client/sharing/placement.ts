// Where an owner may live, as a tab sees it. Shapes only: `io/` makes them real, `testing/` plays them.

import type { ToOwner } from './message.ts'

/** What a way to an owner tells. After `close` it tells nothing. */
export interface WayListener {
  /** Messages can be posted, and a lock of this name is held until the way is closed or the tab is gone: it may attach. */
  opened(lock: string): void
  /** Something was said, by whomever. */
  received(message: unknown): void
  /** There is no owner here, and will be none, for this reason in words. */
  ended(why: string): void
}

/** One way to an owner, from a tab. */
export interface Way {
  /** Returns at once, and calls nobody back before it has. */
  post(message: ToOwner): void
  /** Lets go of everything: ports, locks, listeners. Nothing keeps the page from being frozen or cached any more. */
  close(): void
}

/** A place where an owner can be. */
export interface Placement {
  readonly name: 'shared-worker' | 'leader-tab'
  /** Whether an owner that does not answer is replaced there: then nobody needs to look elsewhere for one. */
  readonly heals?: boolean
  /** Looks for the owner there, or makes one. It must not call back before it has returned. */
  open(listener: WayListener): Way
}
