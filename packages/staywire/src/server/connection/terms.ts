// What holds for every connection of a node: its settings, its rules, and what `connected` tells. One object for all.

import type { Rules } from '../channel/rules.ts'
import type { Guard } from '../guard/guard.ts'
import type { Rates } from '../guard/rates.ts'
import type { Identity } from '../options.ts'
import type { Settings } from '../node/settings.ts'

/** The terms of a node. */
export interface Terms {
  readonly node: string
  readonly settings: Settings
  readonly rules: Rules
  readonly guard: Guard
  readonly rates: Rates
  /** Names of the methods that can be called. */
  readonly methods: ReadonlySet<string>
  /** Whether somebody may not come with this any more, `session` being the one they want to resume or have. */
  revoked(identity: Identity, session: string | undefined): boolean
  /** In [0, 1). */
  random(): number
  /** Unix time in milliseconds, by the wall clock. */
  wall(): number
  /** Over how many milliseconds clients are to spread their return, for as many as there are now. */
  spreadMs(): number
  /** Read anew each time: the life of the memory of keys can change. */
  dedupe(): { readonly windowMs: number; readonly life: string }
}
