// The network as an owner dials into it, in a page, a worker or Node.

import type { ClientOptions } from '../api.ts'
import type { Network } from '../world.ts'
import type { Log } from './debug.ts'
import { openLink } from './websocket.ts'

/** The network as it is. `url` gives the URL to dial, or throws when there is none. */
export function createNetwork(
  url: () => string,
  WebSocket: ClientOptions['WebSocket'],
  log: Log | undefined,
  spare: Network['spare'],
): Network {
  return { open: (listener) => openLink(url, WebSocket, listener, log), spare }
}
