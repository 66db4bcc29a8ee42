// The state of the connection in the top bar, always visible; opens the details.

import { toneOf } from '@staywire/look'
import { useEffect, useRef, useState } from 'react'
import type { Client } from 'staywire/client'
import { useConnection } from 'staywire/react'
import { useWords } from '../words/use-words.ts'
import { ConnectionDetails } from './connection-details.tsx'
import { useClock } from './use-clock.ts'

export function ConnectionPill() {
  const { words } = useWords()
  const { status, client } = useConnection()
  const [open, setOpen] = useState(false)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return
    const leave = (event: Event) => {
      const outside = event.target instanceof Node && box.current?.contains(event.target) === false
      if (outside || (event instanceof KeyboardEvent && event.key === 'Escape')) setOpen(false)
    }
    addEventListener('pointerdown', leave)
    addEventListener('keydown', leave)
    return () => {
      removeEventListener('pointerdown', leave)
      removeEventListener('keydown', leave)
    }
  }, [open])
  return (
    <div className="pill-box" ref={box}>
      <button
        className={`pill tone-${toneOf(status)}`}
        aria-expanded={open}
        aria-controls="connection-details"
        title={words.connection.show}
        onClick={() => setOpen(!open)}
      >
        <span className="dot" />
        <span role="status" data-status={status}>
          {words.status[status]}
        </span>
        {client !== undefined && <TabCount client={client} />}
      </button>
      {open && client !== undefined && <ConnectionDetails client={client} />}
    </div>
  )
}

/** How many tabs share the connection, where there are several. */
function TabCount({ client }: { client: Client }) {
  const { words } = useWords()
  useClock(1000)
  const { tabs } = client.stats().sharing
  return tabs > 1 && <span className="soft tab-count">{words.sharing.tabs(tabs)}</span>
}
