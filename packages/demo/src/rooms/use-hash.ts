// The fragment of the page's address as React state: which room is open survives reloads and the back button.

import { useSyncExternalStore } from 'react'

const subscribe = (changed: () => void) => {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

/** `location.hash`, with its `#`. */
export const useHash = (): string => useSyncExternalStore(subscribe, () => location.hash)
