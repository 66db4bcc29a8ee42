// Who this page is, from its address and what it remembers.

import type { Who } from './connection.ts'

function remembered(storage: Storage, name: string): string {
  const known = storage.getItem(name) ?? crypto.randomUUID()
  storage.setItem(name, known)
  return known
}

export const who: Who = {
  user: new URLSearchParams(location.search).get('leak') ?? '',
  browser: remembered(localStorage, 'browser'),
  tab: remembered(sessionStorage, 'tab'),
  page: crypto.randomUUID(),
}
