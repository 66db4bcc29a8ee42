// Whether the code of a page will go on running. Decides nothing about what then becomes of the connection.

import { listen, scope, SIGNS_OF_LIFE } from './page.ts'

/** What a page lives through. Both may be told again: only the first of a row says something new. */
export interface PageLife {
  /** The page goes away, is frozen or put aside: whatever would keep it, or wait for it, is to be let go of now. */
  suspended(): void
  /** Its code goes on running. */
  resumed(): void
}

/** Listens for the life of the page; the answer takes all listeners off. */
export function listenForLife({ suspended, resumed }: PageLife): () => void {
  const { document } = scope()
  return listen(['pagehide', 'freeze', 'visibilitychange', ...SIGNS_OF_LIFE], (type) => {
    if (type === 'pagehide' || type === 'freeze') suspended()
    // A page on its way out is hidden after `pagehide`.
    else if (type !== 'visibilitychange' || document?.visibilityState === 'visible') resumed()
  })
}
