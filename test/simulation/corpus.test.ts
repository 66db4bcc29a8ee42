// Runs that once went wrong do so no more.

import { expect, it } from 'vitest'
import { CORPUS } from './corpus.ts'
import { run } from './run/run.ts'

it.each(CORPUS)('$title', async ({ plan }) => {
  expect((await run(plan)).violations).toEqual([])
})
