import { expect, it } from 'vitest'
import type { Connection, Origin } from '../access/shapes.ts'
import { originsOf, type Branch } from './origins.ts'

const connection = (id: string, user: string, origin: Origin): Connection => ({ id, user, origin }) as Connection
const drawn = ({ name, count, branches, connections }: Branch): unknown => [
  name,
  count,
  ...branches.map(drawn),
  ...connections.map(({ id }) => id),
]

it('groups by user, browser, tab, page load and component, and leaves out what is not known', () => {
  const connections = [
    connection('1', 'ada', { browser: 'b', tab: 't', page: 'p', label: 'chat' }),
    connection('2', 'ada', { browser: 'b', tab: 't', page: 'q' }),
    connection('3', 'ada', {}),
    connection('4', 'eve', { label: 'curl' }),
  ]
  expect(originsOf(connections).map(drawn)).toEqual([
    ['ada', 3, ['b', 2, ['t', 2, ['p', 1, ['chat', 1, '1']], ['q', 1, '2']]], '3'],
    ['eve', 1, ['curl', 1, '4']],
  ])
})
