// What all tabs of this browser hold, asked again and again while somebody looks.

import { useEffect, useState } from 'react'
import type { Client, Inspection } from 'staywire/client'

const EVERY_MS = 1_000

/** The newest answers: `undefined` before the first, `'failed'` where the tabs cannot be asked. */
export function useInspection(client: Client): Inspection | 'failed' | undefined {
  const [found, setFound] = useState<Inspection | 'failed'>()
  useEffect(() => {
    let looking = true
    let timer: ReturnType<typeof setTimeout>
    const look = async () => {
      const next = await client.inspect().catch(() => 'failed' as const)
      if (!looking) return
      setFound(next)
      timer = setTimeout(() => void look(), EVERY_MS)
    }
    void look()
    return () => {
      looking = false
      clearTimeout(timer)
    }
  }, [client])
  return found
}
