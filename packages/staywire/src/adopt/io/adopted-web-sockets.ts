// Adopts a server of the `ws` library: every WebSocket that it accepts becomes a connection with a user, under the limits, the
// heartbeat and the eyes of this library. What is said over it stays the application's own.

import type { IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'
import type { WebSocket, WebSocketServer } from 'ws'
import { CLOSE } from '../../protocol/close-code.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { OriginLabel } from '../../protocol/frame.ts'
import { ClientAddresses } from '../../server/io/client-address.ts'
import type { Refusal } from '../adoption.ts'
import { AdoptedConnection, type AdoptedLink, type Candidate } from '../connection.ts'
import { LiveAdoption, type LiveOptions } from './live-adoption.ts'

/** Options of `adopt`. */
export interface AdoptOptions extends LiveOptions {
  /**
   * Says whose WebSocket it is, by its upgrade request; `null` refuses it (4001), a throw closes it (4104). What the client sends
   * until a promise has answered reaches the application as it did before.
   */
  readonly user: (request: IncomingMessage, socket: WebSocket) => string | null | Promise<string | null>
  /** Says where it was opened, for findings: browser, tab, page load, instance. Default: unknown. */
  readonly origin?: (request: IncomingMessage) => OriginLabel
  /** As in `createServer`. */
  readonly trustedProxies?: readonly string[]
  readonly forwardedHeader?: 'x-forwarded-for' | 'forwarded'
}

/** An adopted server of the `ws` library. */
export class AdoptedWebSockets extends LiveAdoption {
  readonly #options: AdoptOptions
  readonly #addresses: ClientAddresses
  readonly #adopted = new WeakMap<WebSocket, AdoptedConnection>()
  /** Channels of those of whom it is not known yet who they are. */
  readonly #early = new WeakMap<WebSocket, Set<string>>()
  readonly #detach: () => void

  constructor(sockets: WebSocketServer, options: AdoptOptions) {
    super(options, () => Math.max(0, sockets.clients.size - this.adoption.registry.size))
    this.#options = options
    this.#addresses = new ClientAddresses(options)
    const came = (socket: WebSocket, request: IncomingMessage): void => void this.#came(socket, request)
    sockets.on('connection', came)
    this.#detach = () => void sockets.off('connection', came)
  }

  /** The id of a WebSocket's connection; `undefined` for one that is not adopted, or not yet. */
  idOf(socket: WebSocket): string | undefined {
    return this.#adopted.get(socket)?.id
  }

  /** Notes that a WebSocket is in a channel of the application, for lists and findings. */
  join(socket: WebSocket, channel: string): void {
    const connection = this.#adopted.get(socket)
    if (connection !== undefined) this.adoption.joined(connection, channel)
    else this.#early.set(socket, (this.#early.get(socket) ?? new Set()).add(channel))
  }

  /** Notes that it is not any more. */
  leave(socket: WebSocket, channel: string): void {
    const connection = this.#adopted.get(socket)
    if (connection !== undefined) this.adoption.left(connection, channel)
    else this.#early.get(socket)?.delete(channel)
  }

  /** Lets go of the server. Connections stay as they are, and are looked after no more. */
  stop(): void {
    this.#detach()
    this.stopClock()
  }

  async #came(socket: WebSocket, request: IncomingMessage): Promise<void> {
    const { origin } = this.#options
    const id = randomBytes(9).toString('base64url')
    const about = {
      id,
      address: this.#addresses.of(request),
      transport: 'websocket',
      ...(origin !== undefined && { origin: origin(request) }),
      agent: request.headers['user-agent'],
      sdk: 'ws',
      link: linkOf(socket, () => {
        const connection = this.#adopted.get(socket)
        if (connection !== undefined) this.adoption.pinged(connection)
      }),
    } as const
    const refuse = (candidate: Candidate, refusal: Refusal): void => {
      this.adoption.refused(candidate, refusal)
      socket.close(refusal.close.code, refusal.close.reason)
    }
    let user: string | null
    try {
      user = await this.#options.user(request, socket)
    } catch (error) {
      this.adoption.reporting.report({ type: 'application-error', where: 'authenticate', error })
      return refuse({ ...about, user: '' }, { close: CLOSE.serverError })
    }
    if (user === null) return refuse({ ...about, user: '' }, { close: CLOSE.tokenMissing })
    if (socket.readyState !== socket.OPEN) return
    const candidate = { ...about, user }
    const admitted = this.adoption.admit(candidate)
    if (!(admitted instanceof AdoptedConnection)) return refuse(candidate, admitted)
    this.#adopted.set(socket, admitted)
    this.#watch(socket, admitted)
    for (const channel of this.#early.get(socket) ?? []) this.adoption.joined(admitted, channel)
    this.#early.delete(socket)
  }

  #watch(socket: WebSocket, connection: AdoptedConnection): void {
    const { adoption } = this
    socket.on('message', (data) => adoption.heard(connection, bytesOf(data)))
    socket.on('ping', () => {
      adoption.heard(connection, 0, false)
      adoption.pinged(connection)
    })
    socket.on('pong', () => {
      adoption.heard(connection, 0, false)
      adoption.ponged(connection)
    })
    socket.on('close', (code, reason) =>
      adoption.ended(connection, { code, reason: reason.toString(), by: code === 1006 ? 'network' : 'client' }),
    )
    // Nothing tells when a buffer grows but the call that makes it grow.
    const send = socket.send.bind(socket) as (...told: unknown[]) => void
    socket.send = (...told: unknown[]): void => {
      adoption.sending(connection, bytesOf(told[0]))
      send(...told)
    }
  }
}

/**
 * Adopts a server of the `ws` library.
 * @example const adopted = adopt(sockets, { user: (request) => userOf(request), observer: operations.observer }); operations.watch(adopted)
 */
export function adopt(sockets: WebSocketServer, options: AdoptOptions): AdoptedWebSockets {
  if (typeof options.user === 'function') return new AdoptedWebSockets(sockets, options)
  throw new StaywireError('bad-option', 'user is missing: whose a WebSocket is must be known.', {
    fix: 'Give a function that answers the id of the user, or null.',
  })
}

/** `asking` is told of each ping. */
function linkOf(socket: WebSocket, asking: () => void): AdoptedLink {
  return {
    ask: () => {
      if (socket.readyState !== socket.OPEN) return
      asking()
      socket.ping()
    },
    close: ({ code, reason }) => socket.close(code, reason),
    drop: () => socket.terminate(),
    waitingBytes: () => socket.bufferedAmount,
  }
}

/** Of what `ws` hands over or takes: text, bytes, or several of them. */
function bytesOf(data: unknown): number {
  if (typeof data === 'string') return Buffer.byteLength(data)
  if (Array.isArray(data)) return data.reduce((sum: number, part: unknown) => sum + bytesOf(part), 0)
  return data instanceof ArrayBuffer || ArrayBuffer.isView(data) ? data.byteLength : 0
}
