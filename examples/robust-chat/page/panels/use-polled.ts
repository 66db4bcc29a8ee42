// Asks the server for JSON again and again, for panels that show it.

import { useEffect, useState } from 'react'

/** The newest answer of `path`, asked every `everyMs`; `undefined` before the first, and while there is none. */
export function usePolled<Answer>(path: string, everyMs: number): Answer | undefined {
  const [answer, setAnswer] = useState<Answer>()
  useEffect(() => {
    let gone = false
    const ask = async () => {
      const response = await fetch(path).catch(() => undefined)
      const next = response?.ok === true ? ((await response.json()) as Answer) : undefined
      if (!gone) setAnswer(next)
    }
    void ask()
    const timer = setInterval(() => void ask(), everyMs)
    return () => {
      gone = true
      clearInterval(timer)
    }
  }, [path, everyMs])
  return answer
}
