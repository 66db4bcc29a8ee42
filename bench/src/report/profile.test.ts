import { expect, test } from 'vitest'
import { topFunctions } from './profile.ts'

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
})

test('functions are listed by their own time, waiting left out, without a path of the machine', () => {
  const profile = {
    nodes: [
      node(1, '(idle)'),
      node(2, 'send', 'file:///somewhere/packages/staywire/dist/server/hub.js', 9),
      node(3, '(garbage collector)'),
    ],
    samples: [1, 2, 3, 2],
    timeDeltas: [900, 50, 25, 25],
  }
  expect(topFunctions(profile, 5)).toEqual([
    ' 75.0 %  send packages/staywire/dist/server/hub.js:10',
    ' 25.0 %  (garbage collector)',
  ])
  expect(topFunctions(profile, 1)).toHaveLength(1)
})
