// The world of a client in a page, a worker or Node: its links, its timer, its page.

import type { ClientOptions } from '../api.ts'
import { Agenda } from '../agenda.ts'
import type { World } from '../world.ts'
import { createClock } from './clock.ts'
import { createLog } from './debug.ts'
import { listenForHints } from './page.ts'
import { openLater } from './later.ts'
import { probe } from './probe.ts'
import { createTimer } from './timer.ts'
import { rememberTransport } from './transports.ts'
import { openLink } from './websocket.ts'

/** The world as it is. `url` gives the URL to dial, or throws when there is none. */
export function createWorld(
  url: () => string,
  { WebSocket, debug }: Pick<ClientOptions, 'WebSocket' | 'debug'>,
): World {
  const clock = createClock()
  const log = createLog(debug)
  return {
    now: 0,
    out: [],
    agenda: new Agenda(),
    clock,
    random: Math.random,
    bytes: (text) => new TextEncoder().encode(text).length,
    open: (transport, listener) =>
      transport === 'websocket'
        ? openLink(url, WebSocket, listener, log)
        : openLater(() => import('./http-link.ts'), url, transport, listener, log),
    probe: () => probe(url),
    remember: (transport) => rememberTransport(url(), transport),
    timer: (fire) => createTimer(clock, fire),
    listen: listenForHints,
    later: (act) => queueMicrotask(act),
  }
}
