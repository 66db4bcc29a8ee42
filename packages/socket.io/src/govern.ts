// The way in: what can be said to `govern`, and the check that it was said.

import type { Server, Socket } from 'socket.io'
import type { LiveOptions, OriginLabel } from 'staywire/adopt'
import { StaywireError } from 'staywire/server'
import type { AnyServer, SocketOf } from './any-server.ts'
import { Governed } from './governed.ts'

/** Options of `govern`. */
export interface GovernOptions<Who = Socket> extends LiveOptions {
  /**
   * Says whose a socket is; nothing (`null`, `undefined` or an empty text) refuses it: its client gets `connect_error` with
   * `data.code` 4001. Asked in a middleware: those that were given to Socket.IO before have run. A throw refuses with 4104.
   */
  readonly user: (socket: Who) => string | null | undefined | Promise<string | null | undefined>
  /** Says where it was opened, for findings. Default: address and `User-Agent` stand for the browser, each socket for a tab. */
  readonly origin?: (socket: Who) => OriginLabel
  /** Which namespaces are governed. Default: all, those included that are made later. */
  readonly namespaces?: readonly string[]
  /** As in `createServer`. */
  readonly trustedProxies?: readonly string[]
  readonly forwardedHeader?: 'x-forwarded-for' | 'forwarded'
}

/**
 * Governs a Socket.IO server: each socket becomes a connection, its rooms are channels. Throws a `StaywireError` `bad-option` that
 * names the first option which cannot be used.
 * @example
 * const operations = createOperations({ authorize: isAdmin })
 * const governed = govern(io, { user: (socket) => socket.data.user, observer: operations.observer })
 * operations.watch(governed)
 */
export function govern<Io extends AnyServer>(io: Io, options: GovernOptions<SocketOf<Io>>): Governed {
  if (typeof options.user === 'function')
    return new Governed(io as unknown as Server, options as unknown as GovernOptions<Socket>)
  throw new StaywireError('bad-option', 'user is missing: whose a socket is must be known.', {
    fix: 'Give a function that answers the id of the user, e.g. `(socket) => socket.data.user`.',
  })
}
