// Who opened what, as a tree that unfolds.
import { useMemo } from 'react'
import type { Connection } from '../access/shapes.ts'
import { addressOf } from '../shell/sections.ts'
import { useWords } from '../words/use-words.ts'
import { originsOf, type Branch } from './origins.ts'

/** A browser's own affairs unfold by themselves up to this many users. */
const UNFOLDED = 20
const SHOWN = 500

export function OriginTree({ connections }: { connections: readonly Connection[] }) {
  const { words } = useWords()
  const users = useMemo(() => originsOf(connections), [connections])
  if (users.length === 0) return <p className="empty">{words.noConnections}</p>
  return (
    <section className="card tree">
      {users.slice(0, SHOWN).map((user) => (
        <BranchView key={user.name} branch={user} open={users.length <= UNFOLDED} />
      ))}
    </section>
  )
}

function BranchView({ branch, open }: { branch: Branch; open: boolean }) {
  return (
    <details open={open}>
      <summary>
        {branch.name} <span className="soft">{branch.count}</span>
      </summary>
      {branch.branches.map((below) => (
        <BranchView key={below.name} branch={below} open={open} />
      ))}
      {branch.connections.map(({ id, transport, subscriptions }) => (
        <a key={id} className="line" href={addressOf('connections', id)}>
          {transport} <code>{id}</code> <span className="soft">{subscriptions.join(', ')}</span>
        </a>
      ))}
    </details>
  )
}
