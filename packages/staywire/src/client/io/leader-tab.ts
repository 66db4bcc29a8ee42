// The tabs of a browser as the place of an owner: their broadcasts
// (https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts), their locks, their pages.

import type { Env } from '../env.ts'
import { leaderTab } from '../sharing/leader-tab.ts'
import type { Locks } from '../sharing/locks.ts'
import type { Placement } from '../sharing/placement.ts'
import { hostWorld } from './host-world.ts'
import { listenForHints } from './page.ts'

/** All versions of this library use the same one: they must hear of each other, if only to tell that they differ. */
const CHANNEL = 'staywire'

/** The place. `run` runs a turn of the tab's machines; `instance`: a name of this client that no other ever had. */
export function tabsOfBrowser(env: Env, run: (act: () => void) => void, locks: Locks, instance: string): Placement {
  return leaderTab(
    {
      env,
      run,
      locks,
      host: hostWorld(),
      broadcast(heard) {
        const channel = new BroadcastChannel(CHANNEL)
        channel.onmessage = ({ data }: MessageEvent<unknown>) => heard(data)
        return { post: (message) => channel.postMessage(message), close: () => channel.close() }
      },
      look(seen) {
        seen(document.visibilityState === 'visible')
        return listenForHints((hint) => {
          if (hint === 'visible' || hint === 'hidden') seen(hint === 'visible')
        })
      },
      later: (act) => queueMicrotask(act),
    },
    instance,
  )
}
