// The network as an owner dials into it, in a page, a worker or Node.

import type { ClientOptions } from '../api.ts'
import type { Network } from '../world.ts'
import { createLog } from './debug.ts'
import { openLater } from './later.ts'
import { openLink } from './websocket.ts'

/** The network as it is. `url` gives the URL to dial, or throws when there is none. Without `spare`, that is loaded. */
export function createNetwork(
  url: () => string,
  { WebSocket, debug }: Pick<ClientOptions, 'WebSocket' | 'debug'>,
  spare: Network['spare'] = async () => (await import('./spare.ts')).spareOf(url),
): Network {
  const log = createLog(debug)
  return {
    open: (transport, listener) =>
      transport === 'websocket'
        ? openLink(url, WebSocket, listener, log)
        : openLater(() => import('./http-link.ts'), url, transport, listener, log),
    spare,
  }
}
