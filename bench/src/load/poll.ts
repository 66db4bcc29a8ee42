/** One client of the load that polls Staywire (PROTOCOL.md, POLL): one request after the other on one bare socket. */

import type { Socket } from 'node:net'
import type { Role } from './dialect.ts'
import { openSocket, type Member, type MemberOptions } from './member.ts'
import { staywire } from './staywire.ts'
import { inspect } from './stream.ts'

interface Frame {
  readonly type: string
  readonly connection?: string
  readonly session?: { readonly id: string; readonly secret: string }
}

const HEAD_END = Buffer.from('\r\n\r\n')

export class PollConnection implements Member {
  readonly role: Role
  deliveries = 0
  readonly answers = 0
  readonly #options: MemberOptions
  readonly #socket: Socket
  #credentials = ''
  #joined = false
  #closed = false
  #rest: Buffer | undefined

  constructor(options: MemberOptions) {
    this.#options = options
    this.role = options.role
    this.#socket = openSocket(
      options.port,
      options.role.index,
      (chunk) => this.#read(chunk),
      (why) => this.#end(why),
    )
    this.#ask(staywire.opening(this.role)[0] ?? '')
  }

  echo(): void {
    throw new Error('this client only listens')
  }

  publish(): void {
    throw new Error('this client only listens')
  }

  leave(): void {
    this.#closed = true
    this.#socket.resetAndDestroy()
  }

  #ask(body: string): void {
    const head = `POST /realtime/poll HTTP/1.1\r\nHost: 127.0.0.1:${this.#options.port}\r\n`
    this.#socket.write(`${head}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1')
  }

  #read(chunk: Buffer): void {
    if (this.#closed) return
    const bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    const head = bytes.indexOf(HEAD_END)
    const length = head === -1 ? undefined : /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1]
    const end = head + HEAD_END.length + Number(length)
    if (length === undefined || bytes.length < end) return void (this.#rest = Buffer.from(bytes))
    this.#rest = undefined
    try {
      this.#answer(bytes.toString('utf8', head + HEAD_END.length, end))
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error))
    }
    this.#options.tally.look()
  }

  #answer(text: string): void {
    const { seq, frames } = JSON.parse(text) as { seq?: number; frames?: readonly Frame[] }
    if (seq === undefined || frames === undefined) throw new Error(`the poll was answered ${text.slice(0, 200)}`)
    for (const frame of frames) this.#frame(frame)
    this.#ask(`${this.#credentials},"ack":${seq}}`)
  }

  #frame(frame: Frame): void {
    const { tally } = this.#options
    if (frame.type === 'connected') {
      const { id: session, secret } = frame.session ?? { id: '', secret: '' }
      this.#credentials = JSON.stringify({ connection: frame.connection, session, secret }).slice(0, -1)
    }
    if (!this.#joined) {
      if (staywire.joining?.(JSON.stringify(frame), this.role) !== 'ready') return
      this.#joined = true
      this.#options.ready()
    } else if (frame.type === 'publication') {
      if (tally.inspecting) inspect(JSON.stringify(frame), this.deliveries)
      this.deliveries += 1
      tally.deliveries += 1
    }
  }

  #end(why: string): void {
    if (this.#closed) return
    this.#closed = true
    this.#socket.destroy()
    this.#options.failed(`poll ${this.role.index}: ${why}`)
  }
}
