// The world of owners in a worker or a leading tab.

import type { HostWorld } from '../sharing/owner-host.ts'
import { log } from './debug.ts'
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
      // What their pages say the tabs tell, and what is to be kept for later they keep.
      const logs = debug ? log : undefined
      const spare = { ...spareOf(dialled, logs), remember: () => {}, listen: () => () => {} }
      return { ...createWorld(), ...createNetwork(dialled, undefined, logs, spare) }
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
