// Short notices in a corner: each stays for some seconds, longer while one points at it.

import { createContext, useCallback, useContext, useEffect, useRef, useState, type ReactNode } from 'react'
import { useWords } from '../words/use-words.ts'

interface Notice {
  readonly id: number
  readonly text: string
}

/** How long a notice stays, in milliseconds. */
const SHOWN_MS = 7_000
/** More than this at once push out the oldest. */
const SHOWN_MAX = 4

const NoticeContext = createContext<(text: string) => void>(() => {})

/** The function that shows a notice; the same one at every render. */
export const useNotices = (): ((text: string) => void) => useContext(NoticeContext)

export function NoticeProvider({ children }: { children: ReactNode }) {
  const { words } = useWords()
  const [notices, setNotices] = useState<readonly Notice[]>([])
  const count = useRef(0)
  const notify = useCallback((text: string) => {
    const id = ++count.current
    setNotices((before) => [...before, { id, text }].slice(-SHOWN_MAX))
  }, [])
  const remove = useCallback((id: number) => setNotices((before) => before.filter((notice) => notice.id !== id)), [])
  return (
    <NoticeContext value={notify}>
      {children}
      <ol className="notices" aria-live="polite" aria-label={words.notices.label}>
        {notices.map((notice) => (
          <NoticeRow key={notice.id} notice={notice} remove={remove} />
        ))}
      </ol>
    </NoticeContext>
  )
}

function NoticeRow({ notice: { id, text }, remove }: { notice: Notice; remove: (id: number) => void }) {
  const { words } = useWords()
  const [held, setHeld] = useState(false)
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => remove(id), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [held, id, remove])
  return (
    <li onPointerEnter={() => setHeld(true)} onPointerLeave={() => setHeld(false)}>
      <span>{text}</span>
      <button className="quiet" onClick={() => remove(id)} aria-label={words.close}>
        ×
      </button>
    </li>
  )
}
