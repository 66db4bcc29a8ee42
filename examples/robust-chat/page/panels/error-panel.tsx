// What went wrong, the latest first: its class, what it is concluded from, and what is done about it.

import { useEffect, useState } from 'react'
import type { ConnectionError } from 'staywire/client'
import { useConnection } from 'staywire/react'
import { strategyOf } from '../recovery.ts'

const SHOWN = 5

export function ErrorPanel() {
  const { client } = useConnection()
  const [errors, setErrors] = useState<readonly ConnectionError[]>([])
  useEffect(() => {
    const look = () => setErrors(client?.errors().toReversed() ?? [])
    look()
    // The cause may become clearer a moment later: then the status is told again, and the entry has changed.
    const undo = [client?.on('error', look), client?.on('status', look)]
    return () => undo.forEach((each) => each?.())
  }, [client])
  return (
    <section className="panel errors" data-count={errors.length}>
      <h2>Errors</h2>
      {errors.length === 0 && <p className="soft">None so far.</p>}
      <ol>
        {errors.slice(0, SHOWN).map((error) => (
          <li key={error.at} data-class={error.class}>
            <b>
              {error.class}
              {error.network !== undefined && `: ${error.network}`}
              {error.code !== undefined && ` ${error.code}`}
            </b>{' '}
            {error.reason}
            <p className="soft">{strategyOf(error)}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
