// Ends one connection, after asking once more.

import { useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'

/** How long the question stands, in milliseconds. */
const ASKING_MS = 4_000

export function KickButton({ user, kick }: { user: string; kick: () => Promise<void> }) {
  const { words } = useWords()
  const [state, setState] = useState<'ready' | 'asking' | 'busy' | 'failed'>('ready')
  useEffect(() => {
    if (state !== 'asking' && state !== 'failed') return
    const timer = setTimeout(() => setState('ready'), ASKING_MS)
    return () => clearTimeout(timer)
  }, [state])
  const onClick = () => {
    if (state !== 'asking') return setState('asking')
    setState('busy')
    kick().then(
      () => setState('ready'),
      () => setState('failed'),
    )
  }
  const label = { ready: words.kick, asking: words.kickSure, busy: words.kick, failed: words.kickFailed }[state]
  return (
    <button
      className={state === 'asking' || state === 'failed' ? 'danger' : ''}
      disabled={state === 'busy'}
      onClick={onClick}
      aria-label={`${label}: ${user}`}
    >
      {label}
    </button>
  )
}
