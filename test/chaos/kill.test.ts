// The real gateway is killed again and again under load; its clients live on and judge what it promised.

import { expect, it, onTestFinished } from 'vitest'
import { describeRun, run } from './run.ts'
import { printFigures } from '../figures.ts'

const ROUNDS = 10

it('REC-1, CLI-1, CLI-2: keeps every promise through ten times kill -9 under load', { timeout: 170_000 }, async () => {
  const judgement = await run({ seed: 20, rounds: ROUNDS, signal: 'SIGKILL' })
  onTestFinished(() => printFigures(describeRun(judgement)))
  const { violations, figures, codes, logs } = judgement
  expect(violations).toEqual([])
  expect(codes).toEqual(Array.from({ length: ROUNDS }, () => null))
  // A killed process takes nothing from the disk: nobody misses anything that could not be had.
  expect(figures).toMatchObject({ gaps: 0, unknown: 0, refused: 0 })
  // Everybody lost the connection and came back. Without these the rounds would have shown nothing.
  expect(figures.reconnects).toBe(figures.drops)
  expect(figures.drops).toBeGreaterThan(ROUNDS)
  expect(figures.replayed).toBeGreaterThan(0)
  expect(figures.duplicates).toBeGreaterThan(0)
  expect(Math.min(...[...logs.values()].map(({ publications }) => publications.length))).toBeGreaterThan(ROUNDS)
})
