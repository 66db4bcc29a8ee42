/** One client connection of the load: a bare socket with a hand-made handshake, counting what arrives. It never reconnects. */

import type { Socket } from 'node:net'
import { CLOSE, encodeMasked, PING, PONG, scan, TEXT } from '../wire/frame.ts'
import { readUpgrade, upgradeRequest } from '../wire/handshake.ts'
import { sequenceIn } from '../wire/body.ts'
import { ANSWER, DELIVERY, type Dialect, type Role } from './dialect.ts'
import { openSocket, type Member, type MemberOptions } from './member.ts'

/** What a connection is opened with. */
export interface ConnectionOptions extends MemberOptions {
  readonly dialect: Dialect
}

type State = 'upgrading' | 'joining' | 'ready' | 'closed'

export class Connection implements Member {
  readonly role: Role
  deliveries = 0
  answers = 0
  readonly #options: ConnectionOptions
  readonly #socket: Socket
  #state: State = 'upgrading'
  #rest: Buffer | undefined
  #asked = 1

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.role = options.role
    this.#socket = openSocket(
      options.port,
      options.role.index,
      (chunk) => this.#read(chunk),
      (why) => this.#end(why),
    )
    this.#socket.write(upgradeRequest(options.dialect.path(this.role), options.port, options.dialect.headers), 'latin1')
  }

  echo(body: string): void {
    this.#send(this.#options.dialect.echo((this.#asked += 1), body))
  }

  publish(channel: string, body: string, acknowledged: boolean): void {
    this.#send(this.#options.dialect.publish((this.#asked += 1), channel, body, acknowledged))
  }

  leave(): void {
    this.#state = 'closed'
    this.#socket.resetAndDestroy()
  }

  #send(text: string): void {
    this.#socket.write(encodeMasked(TEXT, text))
  }

  #read(chunk: Buffer): void {
    if (this.#state === 'closed') return
    try {
      this.#take(chunk)
    } catch (error) {
      this.#end(error instanceof Error ? error.message : String(error))
    }
    this.#options.tally.look()
  }

  #take(chunk: Buffer): void {
    let bytes = this.#rest === undefined ? chunk : Buffer.concat([this.#rest, chunk])
    this.#rest = undefined
    if (this.#state === 'upgrading') {
      const head = readUpgrade(bytes)
      if (head.state === 'refused') throw new Error(`the upgrade was refused: ${head.line}`)
      if (head.state === 'open') bytes = this.#upgraded(bytes.subarray(head.end))
      else return this.#keep(bytes)
    }
    const used = scan(bytes, this, visit)
    if (used < bytes.length) this.#keep(bytes.subarray(used))
  }

  #keep(bytes: Buffer): void {
    this.#rest = Buffer.from(bytes)
  }

  #upgraded(after: Buffer): Buffer {
    this.#state = 'joining'
    for (const text of this.#options.dialect.opening(this.role)) this.#send(text)
    if (this.#options.dialect.joining === undefined) this.#joined()
    return after
  }

  #joined(): void {
    this.#state = 'ready'
    this.#options.ready()
  }

  /** @internal One whole frame. */
  frame(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode !== TEXT) return this.#control(opcode, bytes, start, end)
    const { dialect, tally } = this.#options
    if (this.#state === 'joining') return this.#join(bytes.toString('utf8', start, end))
    const kind = dialect.kindOf(bytes, start, end)
    if (kind === DELIVERY) {
      if (tally.inspecting) this.#inspect(bytes.toString('utf8', start, end))
      this.deliveries += 1
      tally.deliveries += 1
    } else if (kind === ANSWER) {
      this.answers += 1
      tally.answers += 1
      tally.answered?.(this)
    } else {
      const response = dialect.respond(bytes.toString('utf8', start, end))
      if (response !== undefined) this.#send(response)
    }
  }

  #join(text: string): void {
    const joining = this.#options.dialect.joining?.(text, this.role) ?? 'ready'
    if (joining === 'ready') this.#joined()
    else if (joining !== 'wait') this.#send(joining.send)
  }

  /** Every channel counts its publications from 0, so the next body's number is what this connection has counted. */
  #inspect(text: string): void {
    const sequence = sequenceIn(text)
    if (sequence !== this.deliveries)
      throw new Error(`publication ${sequence} arrived where ${this.deliveries} was due`)
  }

  #control(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === PING) this.#socket.write(encodeMasked(PONG, bytes.toString('latin1', start, end)))
    if (opcode !== CLOSE) return
    const code = end - start >= 2 ? bytes.readUInt16BE(start) : 1005
    throw new Error(`the server closed with ${code} ${bytes.toString('utf8', Math.min(start + 2, end), end)}`)
  }

  #end(why: string): void {
    if (this.#state === 'closed') return
    const phase = this.#state
    this.#state = 'closed'
    this.#socket.destroy()
    this.#options.failed(`connection ${this.role.index}, ${phase}: ${why}`)
  }
}

function visit(connection: Connection, opcode: number, bytes: Buffer, start: number, end: number): void {
  connection.frame(opcode, bytes, start, end)
}
