// A link whose code is loaded when it is first needed: most clients never do.

import type { Transport } from '../api.ts'
import type { Link, LinkListener } from '../world.ts'
import type { Log } from './debug.ts'

/** The module of the links that need loading. */
export interface LaterLinks {
  openHttpLink(
    url: string,
    transport: Exclude<Transport, 'websocket'>,
    listener: LinkListener,
    log: Log | undefined,
  ): Link
}

/** Opens a link with what `load` brings. Not to be sent over before it tells that it is open. */
export function openLater(
  load: () => Promise<LaterLinks>,
  url: () => string,
  transport: Exclude<Transport, 'websocket'>,
  listener: LinkListener,
  log: Log | undefined,
): Link {
  let link: Link | undefined
  let wanted = true
  load().then(
    ({ openHttpLink }) => {
      if (wanted) link = openHttpLink(url(), transport, listener, log)
    },
    (error: Error) => wanted && listener.ended({ reason: error.message }),
  )
  return {
    send: (text) => link?.send(text),
    abandon() {
      wanted = false
      link?.abandon()
    },
  }
}
