// The tabs of a browser as a place of owners that is loaded when it is looked at: most browsers have a better one.

import type { Env } from '../env.ts'
import type { Locks } from '../sharing/locks.ts'
import type { Placement, Way } from '../sharing/placement.ts'

/** The place. `run` runs a turn of the tab's machines; `instance`: a name of this client that no other ever had. */
export function tabsPlace(env: Env, run: (act: () => void) => void, locks: Locks, instance: string): Placement {
  let loading: Promise<Placement> | undefined
  return {
    name: 'leader-tab',
    heals: true,
    open(listener) {
      let way: Way | undefined
      let closed = false
      loading ??= import('./leader-tab.ts').then(({ tabsOfBrowser }) => tabsOfBrowser(env, run, locks, instance))
      loading.then(
        (place) => (way = closed ? undefined : place.open(listener)),
        () => closed || listener.ended('could not be loaded'),
      )
      return {
        post: (message) => way?.post(message),
        close() {
          closed = true
          way?.close()
        },
      }
    },
  }
}

/**
 * Whether shared workers live as long as they should. In WebKit one lives in the process of the page that made it, and begins
 * anew, without a word, when that page is closed (https://bugs.webkit.org/show_bug.cgi?id=318873).
 */
export function workersCanBeTrusted(): boolean {
  return !navigator.vendor.startsWith('Apple')
}
