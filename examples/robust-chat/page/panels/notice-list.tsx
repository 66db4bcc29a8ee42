// What happened to the connection, in words, the latest last: lost, back, what was recovered and what cannot be had.

import { useEffect, useState } from 'react'
import type { Gap, Outcome, Status } from 'staywire/client'
import { useConnection } from 'staywire/react'

const SHOWN = 4

interface Notice {
  readonly at: number
  readonly text: string
}

export function NoticeList({ gap, outcome }: { gap: Gap | undefined; outcome: Outcome | undefined }) {
  const { client } = useConnection()
  const [notices, setNotices] = useState<readonly Notice[]>([])
  useEffect(() => {
    let lost = false
    return client?.on('status', (status, cause) => {
      const text = wordsFor(status, lost, cause?.reason)
      lost = status !== 'connected' && (lost || status === 'waiting')
      if (text !== undefined) setNotices((before) => [...before, { at: Date.now(), text }].slice(-SHOWN))
    })
  }, [client])
  return (
    <ol className="notices" aria-live="polite" data-outcome={outcome}>
      {notices.map(({ at, text }) => (
        <li key={at}>
          <time>{new Date(at).toLocaleTimeString()}</time> {text}
        </li>
      ))}
      {gap !== undefined && <li className="problem">Some messages are gone: {gap.why}.</li>}
    </ol>
  )
}

/** What a status is worth telling, for a connection that was `lost` before or not. */
function wordsFor(status: Status, lost: boolean, reason = 'unknown'): string | undefined {
  if (status === 'waiting') return lost ? undefined : `Connection lost: ${reason}. What you write is kept.`
  if (status === 'connected') return lost ? 'Connected again.' : undefined
  if (status === 'gave-up') return 'Not trying any more. Press "Try now".'
  return status === 'stopped' || status === 'failed' ? `The server refuses: ${reason}.` : undefined
}
