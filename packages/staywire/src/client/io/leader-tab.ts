// The tabs of a browser as the place of an owner: their broadcasts, their locks, their pages.

import type { Env } from '../env.ts'
import { leaderTab } from '../sharing/leader-tab.ts'
import type { Locks } from '../sharing/locks.ts'
import type { Placement } from '../sharing/placement.ts'
import { openBroadcast } from './broadcast.ts'
import { hostWorld } from './host-world.ts'
import { listenForHints } from './page.ts'

/** The place. `run` runs a turn of the tab's machines; `instance`: a name of this client that no other ever had. */
export function tabsOfBrowser(env: Env, run: (act: () => void) => void, locks: Locks, instance: string): Placement {
  return leaderTab(
    {
      env,
      run,
      locks,
      host: hostWorld(),
      broadcast: openBroadcast,
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
