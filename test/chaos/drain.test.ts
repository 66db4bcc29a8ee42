// The real gateway is told to end under load, as at every deployment; its clients go on with the next process.

import { expect, it, onTestFinished } from 'vitest'
import { describeRun, run } from './run.ts'
import { printFigures } from '../figures.ts'

it(
  'keeps every promise when it is sent away under load: exit code 0, and all come back',
  { timeout: 170_000 },
  async () => {
    const judgement = await run({ seed: 21, rounds: 2, signal: 'SIGTERM', flags: ['--drain-ms', '1000'] })
    onTestFinished(() => printFigures(describeRun(judgement)))
    const { violations, figures, codes } = judgement
    expect(violations).toEqual([])
    expect(codes).toEqual([0, 0])
    expect(figures).toMatchObject({ gaps: 0, unknown: 0, refused: 0 })
    expect(figures.reconnects).toBe(figures.drops)
    expect(figures.drops).toBeGreaterThanOrEqual(8)
  },
)
