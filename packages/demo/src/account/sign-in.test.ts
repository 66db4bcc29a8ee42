import { expect, it } from 'vitest'
import { nameProblem } from './sign-in.ts'

it('explains names that are empty or too long, counting characters as people do', () => {
  expect(['', '   ', 'Ada', '艾达', 'x'.repeat(33), '😀'.repeat(32), '😀'.repeat(33)].map(nameProblem)).toEqual([
    'empty',
    'empty',
    undefined,
    undefined,
    'tooLong',
    undefined,
    'tooLong',
  ])
})
