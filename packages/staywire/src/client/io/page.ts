// What a page or worker says about itself: hints that the network or the user came back. Never `beforeunload` or `unload`,
// which are cancelled or not fired; a page that goes away takes its socket with it.

import type { Hint } from '../connection/settings.ts'

/** Whether the network seems to be there; `undefined` where nobody says. */
export function onLine(): boolean | undefined {
  return (globalThis as { navigator?: Navigator }).navigator?.onLine
}

/** Waits until the page is shown, where it is rendered in advance: nobody may ever see it. PROTOCOL.md, LIFE-3. */
export async function shown(): Promise<void> {
  const { document } = scope()
  if ((document as { prerendering?: boolean } | undefined)?.prerendering)
    await new Promise((resolve) => document?.addEventListener('prerenderingchange', resolve, { once: true }))
}

/**
 * Listens for hints, and says at once that the page is hidden, where it is; the answer takes all listeners off. In Node nobody
 * gives any. `resume` and `focus` are asked too: Chrome does not always report a change of visibility after a freeze, nor any
 * browser after a laptop was opened. PROTOCOL.md, LIFE-1.
 */
export function listenForHints(hint: (hint: Hint) => void): () => void {
  const { document } = scope()
  if (document?.visibilityState === 'hidden') hint('hidden')
  return listen(['online', 'offline', 'visibilitychange', ...SIGNS_OF_LIFE], (type) =>
    hint(type === 'online' || type === 'offline' ? type : (document?.visibilityState ?? 'visible')),
  )
}

/** In Node a bare `true` does not take a listener off. */
const CAPTURE = { capture: true }
/** Events of a page whose code runs. */
export const SIGNS_OF_LIFE = ['resume', 'pageshow', 'focus']

/** The global scope, of which Node has only a part. */
export function scope(): Partial<Pick<Window, 'addEventListener' | 'removeEventListener' | 'document'>> {
  return globalThis
}

/** Listens until the answer is called. What is fired at the document alone comes by the window on its way down. */
export function listen(events: readonly string[], told: (type: string) => void): () => void {
  const { addEventListener, removeEventListener } = scope()
  const listener = ({ type }: Event): void => told(type)
  for (const event of events) addEventListener?.(event, listener, CAPTURE)
  return () => {
    for (const event of events) removeEventListener?.(event, listener, CAPTURE)
  }
}
