// One text in localStorage as React state, the same in all tabs.

import { useCallback, useSyncExternalStore } from 'react'

const listeners = new Set<() => void>()
const subscribe = (changed: () => void) => {
  listeners.add(changed)
  addEventListener('storage', changed)
  return () => {
    listeners.delete(changed)
    removeEventListener('storage', changed)
  }
}

/** The text under `key`, `null` when there is none, and the function that changes it everywhere. */
export function useStored(key: string): [text: string | null, store: (text: string) => void] {
  const text = useSyncExternalStore(subscribe, () => localStorage.getItem(key))
  const store = useCallback(
    (next: string) => {
      localStorage.setItem(key, next)
      for (const changed of listeners) changed()
    },
    [key],
  )
  return [text, store]
}
