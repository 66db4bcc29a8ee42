// What an endpoint answers, asked again and again.

import { useEffect, useState } from 'react'

const EVERY_MS = 1_000

/** The latest answer of `path`; `undefined` before the first. */
export function usePolled<Answer>(path: string): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    let gone = false
    const ask = async (): Promise<void> => {
      const response = await fetch(path).catch(() => undefined)
      if (response?.ok !== true || gone) return
      const json = (await response.json()) as Answer
      if (!gone) setAnswer(json)
    }
    void ask()
    const timer = setInterval(() => void ask(), EVERY_MS)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [path])
  return answer
}
