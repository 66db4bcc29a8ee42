// What a page or worker says about itself: hints that the network or the user came back. Never `beforeunload` or `unload`,
// which are cancelled or not fired; a page that goes away takes its socket with it.

import type { Hint } from '../connection/settings.ts'

/** Whether the network seems to be there; `undefined` where nobody says. */
export function onLine(): boolean | undefined {
  return (globalThis as { navigator?: Navigator }).navigator?.onLine
}

/**
 * Listens for hints; the answer takes all listeners off. In Node nobody gives any. `resume` and `focus` are asked too: Chrome
 * does not always report a change of visibility after a freeze, nor any browser after a laptop was opened.
 */
export function listenForHints(hint: (hint: Hint) => void): () => void {
  const scope = globalThis as Partial<Pick<Window, 'addEventListener' | 'removeEventListener' | 'document'>>
  const listener = ({ type }: Event): void =>
    hint(type === 'online' || type === 'offline' ? type : (scope.document?.visibilityState ?? 'visible'))
  // What is fired at the document comes up to the window, but `resume` only on its way down.
  const events = ['online', 'offline', 'visibilitychange', 'resume', 'pageshow', 'focus']
  for (const event of events) scope.addEventListener?.(event, listener, event === 'resume')
  return () => {
    for (const event of events) scope.removeEventListener?.(event, listener, event === 'resume')
  }
}
