import { expect, test } from 'vitest'
import { readOptions as read, UsageError } from './options.ts'

const readOptions = (args: readonly string[], bun = false) => read(args, () => bun)

test('by default everything runs three rounds at full size and is saved', () => {
  expect(readOptions([])).toMatchObject({ rounds: 3, size: 'full', save: true, profile: undefined })
  expect(readOptions([])?.servers.map(({ name }) => name)).toContain('staywire')
})

test('a quick run is one round and saves nothing', () => {
  expect(readOptions(['--quick'])).toMatchObject({ rounds: 1, size: 'quick', save: false })
  expect(readOptions(['--quick', '--rounds', '2'])).toMatchObject({ rounds: 2 })
})

test('the floor always runs, for ratios need it', () => {
  expect(readOptions(['--servers', 'ws-naive'])?.servers.map(({ name }) => name)).toEqual(['net-floor', 'ws-naive'])
})

test('scenarios run in their own order, whatever the order given', () => {
  expect(readOptions(['--only', 'memory,burst'])?.scenarios.map(({ name }) => name)).toEqual(['burst', 'memory'])
})

test.each([
  ['--only', 'nonsense'],
  ['--servers', 'nonsense'],
  ['--rounds', '0'],
  ['--rounds', 'x'],
  ['--nonsense'],
  ['stray'],
])('what it does not know is refused: %s %s', (...args) => {
  expect(() => readOptions(args)).toThrow(UsageError)
})

test('a server of another runtime takes part where that is installed, and is refused by name where it is not', () => {
  expect(readOptions([], true)?.servers.map(({ name }) => name)).toContain('bun')
  expect(readOptions([])?.servers.map(({ name }) => name)).not.toContain('bun')
  expect(() => readOptions(['--servers', 'bun'])).toThrow('needs bun')
})
