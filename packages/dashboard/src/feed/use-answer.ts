// What the server has: asked for once, then told on a channel as it changes. Without a channel, or without a connection, it is
// asked for again and again while the page is visible.
import { useCallback, useEffect, useRef, useState } from 'react'
import { useChannel, useConnection } from 'staywire/react'
import { ApiError, type Problem } from '../access/admin-api.ts'

/** The newest answer, what is wrong at the moment, and a function that asks at once. */
export interface Answer<Data> {
  readonly data: Data | undefined
  readonly problem: Problem | undefined
  /** When the answer came, Unix milliseconds; 0 before. */
  readonly at: number
  readonly refresh: () => void
}

/** Where news of an answer come. */
export interface NewsOptions<Data> {
  /** PROTOCOL.md, ADMIN-3 and ADMIN-4. Default: nowhere. */
  readonly channel?: string
  /** Puts what was told together with the answer before. Default: what was told is the answer. */
  readonly merge?: (told: Data, before: Data) => Data
  /** How often to ask where nothing is told; where something is, it is asked for every 15 seconds or as seldom. Default 5,000. */
  readonly everyMs?: number
}

const EVERY_MS = 5_000
/** Some of it changes without an event, as a round trip does. */
const WHILE_TOLD_MS = 15_000

interface Known<Data> {
  readonly data: Data
  readonly at: number
  readonly ask: (signal: AbortSignal) => Promise<Data>
}

/** Asks with `ask`, which must stay the same function as long as it asks the same. */
export function useAnswer<Data>(
  ask: (signal: AbortSignal) => Promise<Data>,
  { channel, merge, everyMs = EVERY_MS }: NewsOptions<Data> = {},
): Answer<Data> {
  const [known, setKnown] = useState<Known<Data>>()
  const [problem, setProblem] = useState<Problem>()
  const [round, setRound] = useState(0)
  const refresh = useCallback(() => setRound((before) => before + 1), [])
  const told = useRef(0)
  // An answer to another question is none.
  const current = known?.ask === ask ? known : undefined

  // Whoever may not ask may not listen either, and need not try.
  const { status } = useConnection()
  const mayListen = known !== undefined && problem !== 'key' && problem !== 'off'
  const { state } = useChannel<Data | null>(mayListen ? channel : undefined, (news) => {
    if (news.data === null || current === undefined) return refresh()
    told.current++
    setKnown({ data: merge?.(news.data, current.data) ?? news.data, at: Date.now(), ask })
  })
  const isTold = status === 'connected' && state === 'live'

  useEffect(() => {
    const ended = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden') return
      const before = told.current
      void ask(ended.signal)
        .then((data) => {
          // What was told meanwhile is newer.
          if (told.current === before) setKnown({ data, at: Date.now(), ask })
          setProblem(undefined)
        })
        .catch((error: unknown) => {
          if (ended.signal.aborted) return
          setProblem(error instanceof ApiError && error.problem !== 'refused' ? error.problem : 'unreachable')
        })
        .then(() => {
          if (!ended.signal.aborted) timer = setTimeout(poll, isTold ? Math.max(WHILE_TOLD_MS, everyMs) : everyMs)
        })
    }
    poll()
    document.addEventListener('visibilitychange', poll, { signal: ended.signal })
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [ask, everyMs, isTold, round])

  return { data: current?.data, at: current?.at ?? 0, problem, refresh }
}
