// Bugs planted one at a time, each of which must be found: else the simulation does not look where it says it looks.

import { afterEach, describe, expect, it } from 'vitest'
import { CORPUS } from './corpus.ts'
import { MUTANTS } from './mutants.ts'
import { run } from './run/run.ts'
import { search } from './search.ts'

/** Most runs until a bug is found. */
const RUNS = 400

let undo: (() => void) | undefined
afterEach(() => {
  undo?.()
  undo = undefined
})

describe('the simulation finds a planted bug', () => {
  it.each(MUTANTS.filter(({ foundBy }) => foundBy !== undefined))('$name', async ({ plant, foundBy }) => {
    const kept = CORPUS.find(({ file }) => file === foundBy)
    undo = plant()
    expect(kept && (await run(kept.plan)).violations).not.toEqual([])
  })

  it.each(MUTANTS.filter(({ foundBy }) => foundBy === undefined))('$name', async ({ plant }) => {
    undo = plant()
    const { failure, runs } = await search({ seed: 1, runs: RUNS, twiceEvery: 0, shrinks: 0 })
    expect(failure, `not found in ${runs} runs`).toBeDefined()
  })
})
