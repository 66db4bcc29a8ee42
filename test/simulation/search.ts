// Runs many plans, makes those that fail smaller, and counts what happened in all of them.

import fc from 'fast-check'
import { SOMETIMES, type Sometimes } from './check/journal.ts'
import { plans } from './generate.ts'
import type { Plan } from './plan.ts'
import { run } from './run/run.ts'

/** What came of many runs. */
export interface Findings {
  readonly runs: number
  readonly counts: Readonly<Record<Sometimes, number>>
  readonly virtualHours: number
  readonly seconds: number
  /** The smallest plan that fails, and why. */
  readonly failure?: { readonly plan: Plan; readonly violations: readonly string[]; readonly afterRuns: number }
}

/** How a search goes. */
export interface SearchOptions {
  readonly seed: number
  readonly runs: number
  /** Every so many runs are done twice and must do the same. 0: none. Default 25. */
  readonly twiceEvery?: number
  /** How many smaller plans are tried when one fails; 0: none. Default 300. */
  readonly shrinks?: number
}

/** Searches for a plan that fails. */
export async function search({ seed, runs, twiceEvery = 25, shrinks = 300 }: SearchOptions): Promise<Findings> {
  const counts = Object.fromEntries(SOMETIMES.map((name) => [name, 0])) as Record<Sometimes, number>
  const started = performance.now()
  let done = 0
  let virtualMs = 0
  let triesLeft = Infinity
  let afterRuns = 0
  const fails = async (plan: Plan): Promise<readonly string[]> => {
    const outcome = await run(plan)
    virtualMs += outcome.virtualMs
    done++
    for (const name of SOMETIMES) counts[name] += outcome.counts[name]
    if (twiceEvery > 0 && done % twiceEvery === 0 && (await run(plan)).hash !== outcome.hash) {
      return [...outcome.violations, 'D1: the same plan did something else the second time']
    }
    return outcome.violations
  }
  const property = fc.asyncProperty(plans, async (plan) => {
    if (triesLeft-- <= 0) return
    const violations = await fails(plan)
    if (violations.length === 0) return
    if (afterRuns === 0) {
      afterRuns = done
      triesLeft = shrinks
    }
    throw new Error(violations.join('\n'))
  })
  const details = await fc.check(property, { seed, numRuns: runs })
  const found = details.counterexample?.[0]
  const failure =
    found === undefined ? undefined : { plan: found, violations: (await run(found)).violations, afterRuns }
  const seconds = (performance.now() - started) / 1_000
  return { runs: done, counts, virtualHours: virtualMs / 3_600_000, seconds, ...(failure && { failure }) }
}

/** The findings in a few lines. */
export function report({ runs, counts, virtualHours, seconds }: Findings): string {
  const sometimes = SOMETIMES.map((name) => `${name} ${counts[name]}`).join(', ')
  const speed = `${(runs / seconds).toFixed(0)} runs/s, ${(virtualHours / seconds).toFixed(1)} virtual hours per second`
  return `simulation: ${runs} runs in ${seconds.toFixed(1)} s, ${speed}\nsometimes: ${sometimes}`
}
