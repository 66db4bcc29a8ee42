/** Targets against what was measured. Pure. */

import type { Target } from '../targets.ts'
import type { Attempt } from './outcome.ts'
import { median } from './statistics.ts'

/** How one target stands. */
export interface Verdict {
  readonly target: Target
  /** The figure, or its ratio where the target is one; undefined when it was not measured in this run. */
  readonly value: number | undefined
  readonly met: boolean | undefined
  /** How far from the bar, as a fraction of it: -0.2 is 20 % better, 0.2 is 20 % worse. */
  readonly off: number | undefined
}

/** Judges every target. */
export function judge(targets: readonly Target[], attempts: readonly Attempt[]): readonly Verdict[] {
  return targets.map((target) => {
    const value = measured(target, attempts)
    const bar = target.atMost ?? target.atLeast ?? Number.NaN
    if (value === undefined || Number.isNaN(value)) return { target, value: undefined, met: undefined, off: undefined }
    const off = target.atMost === undefined ? bar / value - 1 : value / bar - 1
    return { target, value, met: off <= 0, off }
  })
}

function measured(
  { server = 'staywire', scenario, figure, of }: Target,
  attempts: readonly Attempt[],
): number | undefined {
  const own = byRound(attempts, scenario, server, figure)
  if (of === undefined) return own.size === 0 ? undefined : median([...own.values()])
  const others = byRound(attempts, of.scenario, of.server, figure)
  const ratios = [...own].flatMap(([round, value]) => {
    const other = others.get(round)
    return other === undefined ? [] : [value / other]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

function byRound(attempts: readonly Attempt[], scenario: string, server: string, figure: string): Map<number, number> {
  const values = new Map<number, number>()
  for (const attempt of attempts) {
    if (attempt.scenario !== scenario || attempt.server !== server || !('figures' in attempt.result)) continue
    values.set(attempt.round, attempt.result.figures[figure] ?? Number.NaN)
  }
  return values
}
