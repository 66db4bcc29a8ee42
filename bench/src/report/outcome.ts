/** What a run found: every attempt as it was, and what is made of them. Pure. */

import type { Figures } from '../scenario.ts'
import { FLOOR } from '../server-list.ts'
import { median } from './statistics.ts'

/** One attempt of one server at one scenario in one round. */
export interface Attempt {
  readonly scenario: string
  readonly server: string
  /** From 1. */
  readonly round: number
  /** What was measured, or why there is nothing. */
  readonly result: { readonly figures: Figures } | { readonly failed: string }
}

/** One server's medians in one scenario. */
export interface Summary {
  readonly scenario: string
  readonly server: string
  /** Attempts that succeeded. */
  readonly rounds: number
  /** Reasons of those that did not. */
  readonly failures: readonly string[]
  readonly medians: Figures
  readonly least: Figures
  readonly most: Figures
  /** Median of the ratios to the floor in the same round, by figure; empty without a floor. */
  readonly ratios: Figures
}

/** Summaries in the order in which scenario and server first appear. */
export function summarize(attempts: readonly Attempt[]): readonly Summary[] {
  const groups = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    const key = `${attempt.scenario} ${attempt.server}`
    groups.set(key, [...(groups.get(key) ?? []), attempt])
  }
  return [...groups.values()].map((group) => summary(group, attempts))
}

function summary(group: readonly Attempt[], all: readonly Attempt[]): Summary {
  const { scenario = '', server = '' } = group[0] ?? {}
  const good = group.flatMap(({ round, result }) => ('figures' in result ? [{ round, figures: result.figures }] : []))
  const names = Object.keys(good[0]?.figures ?? {})
  const each = (of: (values: readonly number[], name: string) => number): Figures =>
    Object.fromEntries(
      names.map((name) => [
        name,
        of(
          good.map(({ figures }) => figures[name] ?? Number.NaN),
          name,
        ),
      ]),
    )
  const paired = (_values: readonly number[], name: string): number => median(pairedRatios(scenario, name, good, all))
  return {
    scenario,
    server,
    rounds: good.length,
    failures: group.flatMap(({ result }) => ('failed' in result ? [result.failed] : [])),
    medians: each(median),
    least: each((values) => Math.min(...values)),
    most: each((values) => Math.max(...values)),
    ratios: each(paired),
  }
}

interface Good {
  readonly round: number
  readonly figures: Figures
}

/** Rounds drift together on a busy machine, so each figure is set against the floor of its own round. */
function pairedRatios(
  scenario: string,
  name: string,
  good: readonly Good[],
  all: readonly Attempt[],
): readonly number[] {
  return good.flatMap(({ round, figures }) => {
    const floor = all.find((one) => one.scenario === scenario && one.server === FLOOR && one.round === round)
    if (floor === undefined || !('figures' in floor.result)) return []
    return [(figures[name] ?? Number.NaN) / (floor.result.figures[name] ?? Number.NaN)]
  })
}
