// Says above everything why the page is not live and what happens next. Nothing while it is, or while it first connects.

import { toneOf } from '@staywire/look'
import { useConnection } from 'staywire/react'
import { useWords } from '../words/use-words.ts'
import { causeKey } from './cause.ts'
import { useClock } from './use-clock.ts'

export function ConnectionBanner() {
  const { words } = useWords()
  const { status, cause, retryAt, connect } = useConnection()
  const now = useClock(250, retryAt !== undefined)
  if (status === 'connected' || status === 'idle' || cause === undefined) return null
  const canConnect = status !== 'closed' && status !== 'connecting'
  return (
    <section className={`banner tone-${toneOf(status)}`} aria-label={words.status[status]}>
      <p>
        <strong>{words.status[status]}</strong> {words.cause[causeKey(cause, status)]}{' '}
        {retryAt !== undefined && (
          <span className="countdown">{words.connection.next(Math.max(0, Math.ceil((retryAt - now) / 1000)))}</span>
        )}
      </p>
      {canConnect && (
        <button onClick={() => void connect().catch(() => {})}>
          {status === 'waiting' ? words.connection.now : words.connection.connect}
        </button>
      )}
    </section>
  )
}
