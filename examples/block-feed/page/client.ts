// The one client of this page. With the other tabs of this browser it is on one connection, whatever is mounted, reloaded or
// replaced under a running page.

import { createClient } from 'staywire/client'

/** For the plugin in `main.ts`, and for the guard in `router.ts`. */
export const client = createClient('/realtime', {
  label: 'block-feed',
  // Nobody looks at blocks in a hidden page: after five minutes the connection closes. It is back, with what was missed, as soon
  // as the page is looked at.
  hidden: { closeAfterMs: 300_000 },
})
