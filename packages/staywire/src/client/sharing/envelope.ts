// How messages of the port travel where everybody hears everything: with whom they are from and for, several at once. Reads
// whatever arrives; what is inside is looked at by whom it is for.

import type { ToOwner, ToTab } from './message.ts'

/** What a tab said in one turn, to the leader. `from`: the lock of the tab; `term`: of the leader it knows of. */
export interface TabEnvelope {
  readonly from: string
  readonly term: number
  readonly said: readonly ToOwner[]
}

/** What a leader said in one turn, each to the tabs of these locks; to all, where there are none. */
export interface LeaderEnvelope {
  readonly term: number
  readonly said: readonly (readonly [to: readonly string[] | undefined, message: ToTab])[]
}

/** Either. */
export type Envelope = TabEnvelope | LeaderEnvelope

/** The envelope that this is; `undefined` for anything else. PROTOCOL.md, ELECT-9. */
export function readEnvelope(value: unknown): Envelope | undefined {
  const { from, term, said } = (value ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(term) || !Array.isArray(said) || !said.every(Array.isArray)) return undefined
  if (typeof from === 'string') return value as TabEnvelope
  const addressed = said.every(([to]) => to === undefined || Array.isArray(to))
  return from === undefined && addressed ? (value as LeaderEnvelope) : undefined
}
