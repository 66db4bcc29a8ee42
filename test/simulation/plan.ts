// What happens in one run, as data that can be written to a file and run again: who is there, what the machines are like, what is
// done and what fails, each at its time.

import type { InterruptedWrite } from './store/sim-disk.ts'

/** The channels of every run: two on disk, one in memory. */
export const CHANNELS = ['disk:0', 'disk:1', 'memory:0'] as const

/** One client. */
export interface ClientPlan {
  readonly user: number
  /** Whether it has the browser and the slot of the first client: a second tab that cannot share. */
  readonly twin: boolean
  /** What it reads from the start on, as indexes of channels. */
  readonly reads: readonly number[]
}

/** What is done or fails, with the parameters of each. `forMs`: how long it lasts. */
export type Deed =
  | {
      readonly do: 'publish'
      readonly client: number
      readonly channel: number
      readonly count: number
      /** From one to the next. */
      readonly everyMs: number
    }
  | { readonly do: 'publish-again'; readonly client: number }
  | { readonly do: 'host-publish'; readonly channel: number; readonly count: number }
  | { readonly do: 'read' | 'leave'; readonly client: number; readonly channel: number }
  | { readonly do: 'disconnect' | 'freeze' | 'deafen' | 'late-dial'; readonly client: number; readonly forMs: number }
  | { readonly do: 'cut'; readonly client: number }
  | { readonly do: 'stall'; readonly client: number; readonly from?: 'client' | 'server'; readonly forMs: number }
  | { readonly do: 'blackout' | 'slow-net' | 'slow-disk' | 'full-disk' | 'pause'; readonly forMs: number }
  | {
      readonly do: 'crash'
      readonly forMs: number
      readonly write: InterruptedWrite
      /** Whether to wait until something is being written. */
      readonly writing: boolean
    }
  | { readonly do: 'roll-back'; readonly forMs: number; readonly batches: number }
  | { readonly do: 'damage'; readonly channel: number }
  | { readonly do: 'drain'; readonly forMs: number; readonly burst: number }
  | { readonly do: 'close-all' }

/** A deed at its time, in milliseconds from the start. */
export type Step = { readonly at: number } & Deed

/** A run. */
export interface Plan {
  readonly seed: number
  readonly clients: readonly ClientPlan[]
  readonly latencyMs: readonly [least: number, most: number]
  readonly flushMs: number
  readonly history: { readonly size: number; readonly ttlMs: number }
  readonly outboxBytes: number
  readonly tokenMs: number
  readonly steps: readonly Step[]
}

/** Everything that a swarm switches off and on. */
export const FAULTS = [
  'disconnect',
  'freeze',
  'deafen',
  'late-dial',
  'cut',
  'stall',
  'blackout',
  'slow-net',
  'slow-disk',
  'full-disk',
  'pause',
  'crash',
  'roll-back',
  'damage',
  'drain',
  'close-all',
] as const satisfies readonly Deed['do'][]
