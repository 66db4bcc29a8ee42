// A governed Socket.IO server: its sockets as connections. It emits nothing of its own but `pong`, and answers nobody else's events.

import { createHash } from 'node:crypto'
import type { Namespace, Server, Socket } from 'socket.io'
import { AdoptedConnection, ClientAddresses, CLOSE, LiveAdoption, type Candidate, type Refusal } from 'staywire/adopt'
import { comesBack, endedBy } from './closing.ts'
import type { GovernOptions } from './govern.ts'
import { Line } from './line.ts'

/** What a middleware of Socket.IO is told for somebody who may not come; clients get `data` in `connect_error`. */
class Refused extends Error {
  readonly data: { readonly code: number; readonly reason: string; readonly retryAfterMs?: number }

  constructor({ close: { code, reason }, retryAfterMs }: Refusal) {
    super(reason)
    this.data = { code, reason, ...(retryAfterMs !== undefined && { retryAfterMs }) }
  }
}

/** The main namespace, whose rooms stand for themselves. */
const MAIN = '/'

/** A governed Socket.IO server. */
export class Governed extends LiveAdoption {
  readonly #options: GovernOptions<Socket>
  readonly #addresses: ClientAddresses
  readonly #lines = new WeakMap<object, Line>()
  #lineCount = 0
  /** Who passed the middleware, and is not there yet. */
  readonly #candidates = new WeakMap<Socket, Candidate>()
  readonly #detach: (() => void)[] = []
  #stopped = false

  /** @internal */
  constructor(io: Server, options: GovernOptions<Socket>) {
    super(options, () => Math.max(0, (clientsOf(io) ?? 0) - this.#lineCount))
    this.#options = options
    this.#addresses = new ClientAddresses(options)
    const wanted = ({ name }: Namespace): boolean => options.namespaces?.includes(name) ?? true
    const added = (namespace: Namespace): void => {
      if (wanted(namespace)) this.#govern(namespace)
    }
    for (const namespace of io._nsps.values()) added(namespace)
    io.on('new_namespace', added)
    this.#detach.push(() => void io.off('new_namespace', added))
  }

  /** The id of a socket's connection is that of the socket; `undefined` for one that is not governed. */
  idOf({ id }: { readonly id: string }): string | undefined {
    return this.adoption.registry.get(id)?.id
  }

  /** Lets go of the server. Its sockets stay as they are, and are looked after no more. */
  stop(): void {
    this.#stopped = true
    for (const detach of this.#detach.splice(0)) detach()
    this.stopClock()
  }

  #govern(namespace: Namespace): void {
    namespace.use((socket, next) => {
      if (this.#stopped) next()
      else void this.#pass(socket, next)
    })
    const came = (socket: Socket): void => this.#came(socket)
    const joined = (room: string, id: string): void => this.#moved(namespace, id, room, 'joined')
    const left = (room: string, id: string): void => this.#moved(namespace, id, room, 'left')
    const { adapter } = namespace
    namespace.on('connection', came)
    adapter.on('join-room', joined)
    adapter.on('leave-room', left)
    this.#detach.push(() => {
      namespace.off('connection', came)
      adapter.off('join-room', joined)
      adapter.off('leave-room', left)
    })
  }

  /** The middleware. */
  async #pass(socket: Socket, next: (error?: Error) => void): Promise<void> {
    const refusal = await this.#enter(socket)
    if (refusal === undefined) next()
    else next(new Refused(refusal))
  }

  /** Who a socket is, and whether they may come. Answers the refusal, which is noted. */
  async #enter(socket: Socket): Promise<Refusal | undefined> {
    const nobody = this.#candidate(socket, '')
    let user: string | null | undefined
    try {
      user = await this.#options.user(socket)
    } catch (error) {
      this.adoption.reporting.report({ type: 'application-error', where: 'authenticate', error })
      return this.#refuse(nobody, { close: CLOSE.serverError })
    }
    if (user === null || user === undefined || user === '') return this.#refuse(nobody, { close: CLOSE.tokenMissing })
    const candidate = this.#candidate(socket, user)
    const refusal = this.adoption.refusal(candidate)
    if (refusal !== undefined) return this.#refuse(candidate, refusal)
    this.#candidates.set(socket, candidate)
    return undefined
  }

  #refuse(candidate: Candidate, refusal: Refusal): Refusal {
    this.adoption.refused(candidate, refusal)
    return refusal
  }

  /** A socket is connected. One whose state Socket.IO recovered may have passed no middleware. */
  #came(socket: Socket): void {
    const candidate = this.#candidates.get(socket)
    this.#candidates.delete(socket)
    if (candidate !== undefined) return this.#adopt(socket, candidate)
    void this.#enter(socket).then((refusal) => {
      const late = this.#candidates.get(socket)
      if (refusal !== undefined) socket.disconnect(true)
      else if (late !== undefined && socket.connected) this.#adopt(socket, late)
    })
  }

  #adopt(socket: Socket, candidate: Candidate): void {
    const { adoption } = this
    const admitted = adoption.admit({ ...candidate, resumed: socket.recovered })
    // Between the middleware and now somebody else took the last seat.
    if (!(admitted instanceof AdoptedConnection)) {
      this.#refuse(candidate, admitted)
      socket.disconnect()
      return
    }
    const line = this.#lineOf(socket)
    line.sockets.add(admitted)
    adoption.joined(admitted, socket.nsp.name)
    for (const room of socket.rooms) if (room !== socket.id) adoption.joined(admitted, channelOf(socket.nsp, room))
    socket.on('ping', (...told: unknown[]) => this.#pinged(socket, admitted, told.at(-1)))
    socket.on('disconnect', (reason) => {
      line.sockets.delete(admitted)
      adoption.ended(admitted, endedBy(reason, line.closeCode))
    })
  }

  /** An application's own heartbeat. Where nobody else answers it, it is answered: with `pong`, or in the acknowledgement. */
  #pinged(socket: Socket, connection: AdoptedConnection, acknowledge: unknown): void {
    this.adoption.pinged(connection)
    if (socket.listenerCount('ping') > 1) return
    const data = new Date().toISOString()
    if (typeof acknowledge === 'function') acknowledge({ event: 'pong', data })
    else socket.emit('pong', data)
  }

  #moved(namespace: Namespace, id: string, room: string, how: 'joined' | 'left'): void {
    const connection = room === id ? undefined : this.adoption.registry.get(id)
    if (connection !== undefined) this.adoption[how](connection, channelOf(namespace, room))
  }

  #lineOf({ conn }: Socket): Line {
    const known = this.#lines.get(conn)
    if (known !== undefined) return known
    const line = new Line(conn, this.adoption)
    this.#lines.set(conn, line)
    this.#lineCount++
    conn.once('close', () => this.#lineCount--)
    return line
  }

  #candidate(socket: Socket, user: string): Candidate {
    const { handshake, nsp, conn } = socket
    const agent = handshake.headers['user-agent']
    const address = this.#addresses.of({
      headers: handshake.headers,
      socket: { remoteAddress: handshake.address },
    })
    const own = this.#options.origin?.(socket)
    return {
      id: socket.id,
      user,
      address,
      transport: conn.transport.name === 'polling' ? 'poll' : 'websocket',
      // One user at one address with one kind of browser is one browser, and each of its lines a tab.
      origin: own ?? { browser: digest([address, agent ?? '', nsp.name]), tab: socket.id, label: nsp.name },
      agent,
      sdk: 'socket.io',
      link: {
        ask: () => this.#lines.get(conn)?.ask(),
        close: ({ code }) => {
          const line = this.#lines.get(conn)
          if (comesBack(code)) line?.close()
          else socket.disconnect((line?.sockets.size ?? 0) <= 1)
        },
        drop: () => this.#lines.get(conn)?.drop(),
        waitingBytes: () => this.#lines.get(conn)?.waitingFor(socket.id) ?? 0,
      },
    }
  }
}

/** Rooms as channels: those of a namespace are told apart by its name. */
function channelOf({ name }: Namespace, room: string): string {
  return name === MAIN ? room : `${name}#${room}`
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 12)
}

/** Engine.IO is made when the server is attached. */
function clientsOf(io: Server): number | undefined {
  const { engine } = io as { readonly engine?: { readonly clientsCount: number } }
  return engine?.clientsCount
}
