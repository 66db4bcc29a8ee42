// What a page or worker says about itself: hints that the network or the user came back. Never `beforeunload` or `unload`,
// which are cancelled or not fired; a page that goes away takes its socket with it.

import type { Hint } from '../connection/input.ts'

/** Whether the network seems to be there; `undefined` where nobody says. */
export function onLine(): boolean | undefined {
  return (globalThis as { navigator?: Navigator }).navigator?.onLine
}

/** Listens for hints; the answer takes all listeners off. In Node nobody gives any. */
export function listenForHints(hint: (hint: Hint) => void): () => void {
  const page = (globalThis as { document?: Document }).document
  const scope = globalThis as Partial<EventTarget>
  const off: (() => void)[] = []
  const on = (target: Partial<EventTarget> | undefined, event: string, told: () => Hint): void => {
    if (typeof target?.addEventListener !== 'function') return
    const listener = () => hint(told())
    target.addEventListener(event, listener)
    off.push(() => target.removeEventListener?.(event, listener))
  }
  on(scope, 'online', () => 'online')
  on(scope, 'offline', () => 'offline')
  if (page !== undefined) {
    const visibility = (): Hint => (page.visibilityState === 'hidden' ? 'hidden' : 'visible')
    on(page, 'visibilitychange', visibility)
    // Chrome does not always report a change of visibility after `resume`, nor a laptop after it was opened.
    on(page, 'resume', visibility)
    on(scope, 'pageshow', visibility)
    on(scope, 'focus', visibility)
  }
  return () => off.forEach((undo) => undo())
}
