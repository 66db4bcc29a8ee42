import { expect, it } from 'vitest'
import { arrange, type Column } from './column.ts'

const rows = [
  { name: 'Bo', count: 10 },
  { name: 'ada', count: 9 },
  { name: 'Cy', count: 100 },
]
const columns: readonly Column<(typeof rows)[number]>[] = [
  { key: 'name', title: 'Name', value: ({ name }) => name },
  { key: 'count', title: 'Count', value: ({ count }) => count },
]
const names = (key: string, down: boolean, sought = ''): string[] =>
  arrange(rows, columns, { key, down }, sought).map(({ name }) => name)

it('sorts numbers as numbers and texts as texts, both ways, and leaves the rows themselves alone', () => {
  expect(names('count', false)).toEqual(['ada', 'Bo', 'Cy'])
  expect(names('count', true)).toEqual(['Cy', 'Bo', 'ada'])
  expect(names('name', false)).toEqual(['Bo', 'Cy', 'ada'])
  expect(names('unknown', false)).toEqual(['Bo', 'ada', 'Cy'])
  expect(rows[0]?.name).toBe('Bo')
})

it('finds in any column, whatever the case', () => {
  expect(names('name', false, 'a')).toEqual(['ada'])
  expect(names('name', false, '10')).toEqual(['Bo', 'Cy'])
  expect(names('name', false, 'nobody')).toEqual([])
})
