// Who opened what: connections by user, browser, tab, page load and component.
import type { Connection } from '../access/shapes.ts'

/** A user, a browser, a tab … and what is under it. */
export interface Branch {
  readonly name: string
  readonly count: number
  readonly branches: readonly Branch[]
  /** At the end of it. */
  readonly connections: readonly Connection[]
}

type Level = (connection: Connection) => string | undefined

/** From the top down. A level that says nothing of a connection is left out for it. */
const LEVELS: readonly Level[] = [
  ({ user }) => user,
  ({ origin }) => origin.browser,
  ({ origin }) => origin.tab,
  ({ origin }) => origin.page,
  ({ origin }) => origin.label,
]

/** The tree, the largest branches first. */
export function originsOf(connections: readonly Connection[], levels = LEVELS): readonly Branch[] {
  const [level, ...below] = levels
  if (level === undefined) return []
  const named = new Map<string, Connection[]>()
  for (const connection of connections) {
    const name = level(connection) ?? ''
    const group = named.get(name)
    if (group === undefined) named.set(name, [connection])
    else group.push(connection)
  }
  return [...named]
    .map(([name, group]) => {
      const branches = originsOf(group, below)
      const deeper = branches.filter((branch) => branch.name !== '')
      const unnamed = branches.find((branch) => branch.name === '')
      return {
        name,
        count: group.length,
        branches: [...deeper, ...(unnamed?.branches ?? [])],
        connections: below.length === 0 ? group : (unnamed?.connections ?? []),
      }
    })
    .toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))
}
