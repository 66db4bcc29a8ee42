// What the tabs of a browser that share say to each other
// (https://html.spec.whatwg.org/multipage/web-messaging.html#broadcasting-to-other-browsing-contexts). Reads nothing of it.

import type { Broadcast } from '../sharing/leader-tab.ts'

/** All versions of this library use the same one: they must hear of each other, if only to tell that they differ. */
const CHANNEL = 'staywire'

/** Listens to all other tabs until it is closed. */
export function openBroadcast(heard: (message: unknown) => void): Broadcast {
  const channel = new BroadcastChannel(CHANNEL)
  channel.onmessage = ({ data }: MessageEvent<unknown>) => heard(data)
  return { post: (message) => channel.postMessage(message), close: () => channel.close() }
}
