// What every broker must do, as cases that know no test runner: the same list runs against each implementation.

import type { StoredPublication } from '../protocol/codec.ts'
import type { Broker } from '../server/broker/broker.ts'
import { LEASE_CASES } from './broker-contract-leases.ts'
import { LOG_CASES } from './broker-contract-log.ts'
import { RECOVERY_CASES } from './broker-contract-recovery.ts'

/** What a case runs in. */
export interface BrokerWorld {
  /** Opened, empty, and heard by `heard`. */
  readonly broker: Broker
  /** The durability under test. */
  readonly durability: 'memory' | 'disk'
  /** What the log told its listener, in order. */
  readonly heard: readonly Heard[]
  /** The broker's wall clock: Unix time in milliseconds. */
  readonly now: () => number
  /** Moves that clock on. */
  readonly advance: (ms: number) => void
  /** Throws when `actual` is not deeply equal to `expected`. */
  readonly check: (actual: unknown, expected: unknown, why: string) => void
}

/** One thing told to the listener of a log. */
export type Heard =
  | { readonly channel: string; readonly publication: StoredPublication }
  | { readonly discontinued: string | undefined }

/** One case: a sentence, and what makes it true. */
export interface BrokerCase {
  readonly name: string
  readonly run: (world: BrokerWorld) => Promise<void>
}

/** The contract of the four ports. Each case needs a fresh broker whose keys are remembered for 300,000 ms. */
export const BROKER_CONTRACT: readonly BrokerCase[] = [...LOG_CASES, ...RECOVERY_CASES, ...LEASE_CASES]
