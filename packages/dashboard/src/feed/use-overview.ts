// What the server has, fetched again and again while the page is visible.

import { useCallback, useEffect, useState } from 'react'
import { ApiError, type AdminApi, type Channel, type Connection, type Problem } from '../access/admin-api.ts'

/** What the page shows, as of one moment. */
export interface OverviewData {
  readonly connections: readonly Connection[]
  /** How many connections there are: more than listed, on a busy server. */
  readonly total: number
  readonly channels: readonly Channel[]
  /** Unix milliseconds. */
  readonly at: number
}

const EVERY_MS = 2_000

/** The newest overview, what is wrong at the moment, and a function that fetches at once. */
export function useOverview(api: AdminApi): {
  overview: OverviewData | undefined
  problem: Problem | undefined
  refresh: () => void
} {
  const [overview, setOverview] = useState<OverviewData>()
  const [problem, setProblem] = useState<Problem>()
  const [round, setRound] = useState(0)
  const refresh = useCallback(() => setRound((before) => before + 1), [])

  useEffect(() => {
    const ended = new AbortController()
    const fetchAll = async () => {
      const [{ connections, total }, channels] = await Promise.all([
        api.connections(ended.signal),
        api.channels(ended.signal),
      ])
      setOverview({ connections, total, channels, at: Date.now() })
      setProblem(undefined)
    }
    const failed = (error: unknown) => {
      if (ended.signal.aborted) return
      setProblem(error instanceof ApiError ? error.problem : 'unreachable')
      if (error instanceof ApiError && error.problem !== 'unreachable') setOverview(undefined)
    }
    let timer: ReturnType<typeof setTimeout> | undefined
    const poll = () => {
      clearTimeout(timer)
      if (document.visibilityState === 'hidden') return
      void fetchAll()
        .catch(failed)
        .then(() => {
          if (!ended.signal.aborted) timer = setTimeout(poll, EVERY_MS)
        })
    }
    poll()
    document.addEventListener('visibilitychange', poll, { signal: ended.signal })
    return () => {
      clearTimeout(timer)
      ended.abort()
    }
  }, [api, round])
  return { overview, problem, refresh }
}
