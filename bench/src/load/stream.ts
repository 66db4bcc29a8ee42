/** One client of the load over an event stream (WHATWG HTML section 9.2): a bare socket that asks once, then counts events. */

import type { Socket } from 'node:net'
import { sequenceIn } from '../wire/body.ts'
import { DELIVERY, type Joining, type Kind, type Role } from './dialect.ts'
import { openSocket, type Member, type MemberOptions } from './member.ts'
import { plain } from './plain.ts'
import { staywire } from './staywire.ts'

/** How a kind of server is asked for a stream, and what its events are. */
export interface StreamDialect {
  /** The whole request. */
  request(role: Role, port: number): string
  /** Reads an event that arrives before the client has joined; undefined where the answer's head is enough. */
  readonly joining?: (text: string, role: Role) => Joining
  /** What the event whose data is in `bytes` from `start` to `end` counts as. */
  kindOf(bytes: Buffer, start: number, end: number): Kind
  /** The request that answers an event which is no delivery, where there is one (pings). `joined` is what the stream began with. */
  respond?(text: string, joined: string, nth: number, port: number): string | undefined
}

export const plainStream: StreamDialect = {
  request: (role, port) =>
    `GET ${plain.path(role)} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: text/event-stream\r\n\r\n`,
  kindOf: () => DELIVERY,
}

export const staywireStream: StreamDialect = {
  request(role, port) {
    const [body = ''] = staywire.opening(role)
    return `POST /realtime/sse HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  },
  ...(staywire.joining !== undefined && { joining: staywire.joining }),
  kindOf: (bytes, start, end) => staywire.kindOf(bytes, start, end),
  respond(text, joined, seq, port) {
    const answer = staywire.respond(text)
    if (answer === undefined) return undefined
    const { connection, session } = JSON.parse(joined) as {
      connection: string
      session: { id: string; secret: string }
    }
    const credentials = { connection, session: session.id, secret: session.secret, seq }
    const body = JSON.stringify({ ...credentials, frames: [JSON.parse(answer) as unknown] })
    const head = `POST /realtime/frames HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n`
    return `${head}Content-Length: ${body.length}\r\n\r\n${body}`
  },
}

const HEAD_END = Buffer.from('\r\n\r\n')
const EVENT_END = Buffer.from('\n\n')
const DATA = Buffer.from('data:')
const SPACE = 0x20

export class StreamConnection implements Member {
  readonly role: Role
  deliveries = 0
  readonly answers = 0
  readonly #options: MemberOptions & { readonly dialect: StreamDialect }
  readonly #socket: Socket
  #state: 'asking' | 'joining' | 'ready' | 'closed' = 'asking'
  #rest: Buffer | undefined
  #first = ''
  #responses = 0

  constructor(options: MemberOptions & { readonly dialect: StreamDialect }) {
    this.#options = options
    this.role = options.role
    this.#socket = openSocket(
      options.port,
      options.role.index,
      (chunk) => this.#read(chunk),
      (why) => this.#end(why),
    )
    this.#socket.write(options.dialect.request(this.role, options.port), 'latin1')
  }

  echo(): void {
    throw new Error('an event stream has no way up')
  }

  publish(): void {
    throw new Error('an event stream has no way up')
  }

  leave(): void {
    this.#state = 'closed'
    this.#socket.resetAndDestroy()
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closed') return
    try {
      this.#take(this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk]))
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error))
    }
    this.#options.tally.look()
  }

  #take(bytes: Buffer): void {
    let at = 0
    if (this.#state === 'asking') {
      const end = bytes.indexOf(HEAD_END)
      if (end === -1) return this.#keep(bytes)
      const status = bytes.toString('latin1', 0, bytes.indexOf('\r'))
      if (!status.startsWith('HTTP/1.1 200')) throw new Error(`the stream was answered ${status}`)
      at = end + HEAD_END.length
      this.#state = 'joining'
      if (this.#options.dialect.joining === undefined) this.#joined()
    }
    for (let end = bytes.indexOf(EVENT_END, at); end !== -1; end = bytes.indexOf(EVENT_END, at)) {
      const data = bytes.indexOf(DATA, at)
      const start = data + DATA.length
      if (data !== -1 && data < end) this.#event(bytes, bytes[start] === SPACE ? start + 1 : start, end)
      at = end + EVENT_END.length
    }
    this.#keep(bytes.subarray(at))
  }

  #keep(bytes: Buffer): void {
    this.#rest = bytes.length === 0 ? undefined : Buffer.from(bytes)
  }

  #joined(): void {
    this.#state = 'ready'
    this.#options.ready()
  }

  #event(bytes: Buffer, start: number, end: number): void {
    const { dialect, tally } = this.#options
    if (this.#state === 'joining') {
      const text = bytes.toString('utf8', start, end)
      if (this.#first === '') this.#first = text
      if (dialect.joining?.(text, this.role) === 'ready') this.#joined()
      return
    }
    if (dialect.kindOf(bytes, start, end) !== DELIVERY) return this.#respond(bytes.toString('utf8', start, end))
    if (tally.inspecting) inspect(bytes.toString('utf8', start, end), this.deliveries)
    this.deliveries += 1
    tally.deliveries += 1
  }

  #respond(text: string): void {
    const { dialect, port } = this.#options
    const request = dialect.respond?.(text, this.#first, this.#responses + 1, port)
    if (request === undefined) return
    this.#responses += 1
    const ignored = (): void => undefined
    openSocket(port, this.role.index, ignored, ignored).write(request, 'latin1')
  }

  #end(why: string): void {
    if (this.#state === 'closed') return
    const phase = this.#state
    this.#state = 'closed'
    this.#socket.destroy()
    this.#options.failed(`stream ${this.role.index}, ${phase}: ${why}`)
  }
}

/** Every channel counts its publications from 0, so the next body's number is what a client has counted. */
export function inspect(text: string, due: number): void {
  const sequence = sequenceIn(text)
  if (sequence !== due) throw new Error(`publication ${sequence} arrived where ${due} was due`)
}
