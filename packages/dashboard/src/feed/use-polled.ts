// What the server has, asked for again and again while the page is visible.
import { useCallback, useEffect, useState } from 'react'
import { ApiError, type Problem } from '../access/admin-api.ts'

/** The newest answer, what is wrong at the moment, and a function that asks at once. */
export interface Polled<Data> {
  readonly data: Data | undefined
  readonly problem: Problem | undefined
  /** When the answer came, Unix milliseconds; 0 before. */
  readonly at: number
  readonly refresh: () => void
}

const EVERY_MS = 2_000

/** Asks with `ask`, which must stay the same function as long as it asks the same. */
export function usePolled<Data>(ask: (signal: AbortSignal) => Promise<Data>, everyMs = EVERY_MS): Polled<Data> {
  const [answer, setAnswer] = useState<{ data: Data; at: number; ask: typeof ask }>()
  const [problem, setProblem] = useState<Problem>()
  const [round, setRound] = useState(0)
  const refresh = useCallback(() => setRound((before) => before + 1), [])

  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden') return
      void ask(ended.signal)
        .then((data) => {
          setAnswer({ data, at: Date.now(), ask })
          setProblem(undefined)
        })
        .catch((error: unknown) => {
          if (ended.signal.aborted) return
          setProblem(error instanceof ApiError && error.problem !== 'refused' ? error.problem : 'unreachable')
        })
        .then(() => {
          if (!ended.signal.aborted) timer = setTimeout(poll, everyMs)
        })
    }
    poll()
    document.addEventListener('visibilitychange', poll, { signal: ended.signal })
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [ask, everyMs, round])

  // An answer to another question is none.
  const current = answer?.ask === ask ? answer : undefined
  return { data: current?.data, at: current?.at ?? 0, problem, refresh }
}
