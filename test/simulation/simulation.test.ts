// Whole systems in virtual time under random faults. `npm run sim` does the same with other seeds, and tells what happened in a run.

import { afterAll, expect, it } from 'vitest'
import { SOMETIMES } from './check/journal.ts'
import { report, search, type Findings } from './search.ts'
import { printFigures } from '../figures.ts'

const RUNS = 350
let findings: Findings | undefined

afterAll(() => {
  if (findings !== undefined) printFigures(report(findings))
})

it('PUB-1, PUB-2, PUB-6, PUB-12, SUB-2, REC-3, REC-5, RES-5, CLI-1, CLI-2: nothing acknowledged is lost, nothing comes twice or in another order, every gap is told, everything heals and nothing is left, in every run', async () => {
  findings = await search({ seed: 20_260_101, runs: RUNS })
  const { failure } = findings
  expect(failure, failure && `${failure.violations.join('\n')}\n${JSON.stringify(failure.plan)}`).toBeUndefined()
})

it.each(SOMETIMES)('gets to where it has to: %s', (name) => {
  expect(findings?.counts[name]).toBeGreaterThan(0)
})
