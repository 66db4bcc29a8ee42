// One thing looked at, beside the table it was picked from. Escape closes it.
import { useEffect, useRef, type ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'

export function Detail({ title, close, children }: { title: string; close: () => void; children: ReactNode }) {
  const { words } = useWords()
  const box = useRef<HTMLElement>(null)
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' })
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') close()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [close])
  return (
    <aside className="card detail" aria-label={title} ref={box}>
      <div className="table-head">
        <h2>{title}</h2>
        <button type="button" className="quiet" onClick={close}>
          {words.close}
        </button>
      </div>
      {children}
    </aside>
  )
}
