// The Web Locks (https://w3c.github.io/web-locks/) of this origin. Asks only for single locks and never lists them: a listing
// throws every page that sleeps in the back/forward cache with a lock out of it.

import type { LockHolder, LockMode, Locks } from '../sharing/locks.ts'

/** The locks of this browser; `undefined` where there are none, as on pages without TLS. */
export function webLocks(manager = (globalThis.navigator as Partial<Navigator> | undefined)?.locks): Locks | undefined {
  return manager && { request: (name, mode, holder) => request(manager, name, mode, holder) }
}

function request(manager: LockManager, name: string, mode: LockMode, holder: LockHolder): () => void {
  const abort = new AbortController()
  let over = false
  let held = false
  let release = (): void => {}
  const options: LockOptions =
    mode === 'steal'
      ? { steal: true } // takes no signal
      : { mode: mode === 'share' ? 'shared' : 'exclusive', signal: abort.signal }
  const hold = (): Promise<void> | undefined => {
    if (over) return undefined
    held = true
    const released = new Promise<void>((resolve) => (release = resolve))
    holder.granted()
    return released
  }
  manager.request(name, options, hold).catch((error: unknown) => {
    if (over) return
    over = true
    holder.lost(held ? undefined : String(error))
  })
  return () => {
    over = true
    abort.abort()
    release()
  }
}
