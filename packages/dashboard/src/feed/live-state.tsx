// Whether the page is told what changes, or has to ask.
import { toneOf } from '@staywire/look'
import { useConnection } from 'staywire/react'
import { useWords } from '../words/use-words.ts'

export function LiveState() {
  const { words } = useWords()
  const { status } = useConnection()
  const { name, about } = status === 'connected' ? words.live.told : words.live.asks
  return (
    <span className={`pill tone-${toneOf(status)}`} title={about}>
      <span className="dot" />
      <span role="status" data-status={status}>
        {name}
      </span>
    </span>
  )
}
