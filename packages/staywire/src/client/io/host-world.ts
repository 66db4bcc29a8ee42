// The world of owners in a worker or a leading tab.

import type { HostWorld } from '../sharing/owner-host.ts'
import { randomId } from './identity.ts'
import { webLocks } from './locks.ts'
import { createNetwork } from './network.ts'
import { spareOf } from './spare.ts'
import { createWorld } from './world.ts'

/** Where owners live. Without locks nobody would learn of the end of a tab: then no tab attaches. */
export function hostWorld(): HostWorld {
  const locks = webLocks()
  return {
    owner: randomId(),
    world({ url, debug }) {
      const dialled = (): string => url
      // What their pages say the tabs tell.
      const spare = { ...spareOf(dialled), listen: () => () => {} }
      return { ...createWorld(dialled), ...createNetwork(dialled, { debug }, spare) }
    },
    released(lock, act) {
      const release = locks?.request(lock, 'share', {
        granted() {
          release?.()
          act()
        },
        lost: () => {},
      })
    },
  }
}
