// A button for what cannot be undone: asks once more in its own place, and says when it did not work.
import { useEffect, useState } from 'react'
import { useWords } from '../words/use-words.ts'

/** How long the question stands. */
const ASKS_MS = 4_000

export function ConfirmButton({ label, act, about }: { label: string; act: () => Promise<unknown>; about: string }) {
  const { words } = useWords()
  const [state, setState] = useState<'idle' | 'asks' | 'acts' | 'failed'>('idle')
  useEffect(() => {
    if (state !== 'asks' && state !== 'failed') return
    const timer = setTimeout(setState, ASKS_MS, 'idle')
    return () => clearTimeout(timer)
  }, [state])
  const run = () => {
    setState('acts')
    act().then(
      () => setState('idle'),
      () => setState('failed'),
    )
  }
  return (
    <button
      type="button"
      className={state === 'asks' ? 'danger' : undefined}
      disabled={state === 'acts'}
      aria-label={`${state === 'asks' ? words.sure(label) : label}: ${about}`}
      onClick={(event) => {
        event.stopPropagation()
        if (state === 'asks') run()
        else setState('asks')
      }}
    >
      {state === 'asks' ? words.sure(label) : state === 'failed' ? words.failed : label}
    </button>
  )
}
