/** What a scenario is: one piece of work for one server, one figure that counts, and how large it is run. */

import type { Pair } from './process/pair.ts'
import type { Wire } from './server-list.ts'
import type { Setup } from './servers/bench-server.ts'

/** Figures of one attempt, by name. */
export type Figures = Readonly<Record<string, number>>

/** One figure a scenario yields. */
export interface FigureMeaning {
  readonly name: string
  /** Heading in the report, with its unit. */
  readonly heading: string
  readonly digits: number
}

/** How much is done. */
export type Size = 'quick' | 'full'

/** One scenario. */
export interface Scenario {
  readonly name: string
  /** One sentence for the report. */
  readonly about: string
  /** The first is the one compared; less is better. */
  readonly figures: readonly [FigureMeaning, ...FigureMeaning[]]
  /** Server set-up, apart from its secret. */
  readonly setup: Omit<Setup, 'secret'>
  /** True where memory is measured. */
  readonly memory: boolean
  /** What its messages travel over; undefined = WebSocket. Servers without it take no part. */
  readonly wire?: Wire
  /** The only servers it is for; undefined = all. */
  readonly servers?: readonly string[]
  /** Does the work once with fresh processes and answers with the figures; throws when one message is lost or doubled. */
  run(pair: Pair, size: Size): Promise<Figures>
}
