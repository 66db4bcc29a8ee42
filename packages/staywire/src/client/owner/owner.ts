// The owner of a browser's connection: the connection, its merged subscriptions and the requests on their way. Knows tabs only
// by their messages; where it runs, and for how many tabs, is decided outside.

import { Connection } from '../connection/connection.ts'
import type { ConnectionInput, ConnectionOutput, ConnectionSettings } from '../connection/input.ts'
import { utf8Length } from '../../protocol/byte-length.ts'
import { encodeFrame } from '../../protocol/codec.ts'
import type { ClientFrame, ServerFrame } from '../../protocol/frame.ts'
import { decodeServerFrame } from '../../protocol/server-frame.ts'
import type { OwnerMessage, TabMessage } from './message.ts'
import { Wires } from './wires.ts'

/** What an owner is told: by tabs, by the transport, by the clock. */
export type OwnerInput = TabMessage | Extract<ConnectionInput, { type: 'opened' | 'ended' | 'tick' }> | { readonly type: 'text'; readonly text: string }

/** What an owner wants done. */
export type OwnerOutput =
  | { readonly type: 'tell'; readonly message: OwnerMessage }
  | { readonly type: 'write'; readonly text: string }
  | Extract<ConnectionOutput, { type: 'open' | 'abandon' }>

/** Holds one connection for whoever speaks to it. */
export class Owner {
  /** What went over the wire since the start. */
  readonly traffic = { bytesSent: 0, bytesReceived: 0, framesSent: 0, framesReceived: 0 }
  readonly #connection: Connection
  readonly #wires: Wires
  /** Ids of requests under way, and the tickets they answer to. */
  readonly #requests = new Map<number, number>()
  #up = false
  #out: OwnerOutput[] = []

  constructor(settings: ConnectionSettings) {
    this.#connection = new Connection(settings)
    this.#wires = new Wires(() => this.#connection.nextId(), settings.random)
  }

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    return Math.min(this.#connection.wakeAt, this.#up ? this.#wires.wakeAt : Infinity)
  }

  /** Takes one input; answers what is to be done, in order. */
  handle(input: OwnerInput, now: number): OwnerOutput[] {
    switch (input.type) {
      case 'subscribe':
        this.#send(this.#wires.want(input, this.#up))
        break
      case 'unsubscribe':
        this.#send(this.#wires.drop(input.channel, this.#up))
        break
      case 'request':
        this.#request(input)
        break
      case 'text':
        this.#text(input.text, now)
        break
      case 'tick':
        this.#connect(input, now)
        if (this.#up) this.#send(this.#wires.tick(now))
        break
      default:
        this.#connect(input, now)
    }
    return this.#out.splice(0)
  }

  /** A tab that asks while there is no connection is told `down` by a message on its way, and asks again at the next `up`. */
  #request({ ticket, body }: Extract<TabMessage, { type: 'request' }>): void {
    if (!this.#up) return
    const id = this.#connection.nextId()
    this.#requests.set(id, ticket)
    this.#write(`{"id":${id},${body}`)
  }

  #text(text: string, now: number): void {
    this.traffic.bytesReceived += utf8Length(text)
    this.traffic.framesReceived++
    this.#connect({ type: 'frame', frame: decodeServerFrame(text) }, now)
  }

  #connect(input: ConnectionInput, now: number): void {
    for (const output of this.#connection.handle(input, now)) this.#follow(output, now)
  }

  #follow(output: ConnectionOutput, now: number): void {
    switch (output.type) {
      case 'greet':
        return this.#send([{ ...output.frame, subscriptions: this.#wires.restate() }])
      case 'send':
        return this.#send([output.frame])
      case 'up': {
        const { user, dedupe, limits } = output.frame
        this.#up = true
        this.#tell({ type: 'up', terms: { user, dedupe, frameBytes: limits.frameBytes } })
        return this.#send(this.#wires.up())
      }
      case 'down':
        this.#up = false
        this.#requests.clear()
        this.#wires.down()
        return this.#tell(output)
      case 'frame':
        return this.#frame(output.frame, now)
      case 'open':
      case 'abandon':
        this.#out.push(output)
        return
      default:
        return this.#tell(output)
    }
  }

  #frame(frame: ServerFrame, now: number): void {
    const messages = this.#wires.frame(frame, now)
    if (messages !== undefined) return messages.forEach((message) => this.#tell(message))
    if (frame.type !== 'published' && frame.type !== 'result' && frame.type !== 'error') return
    const ticket = this.#requests.get(frame.id ?? 0)
    if (ticket === undefined) return
    this.#requests.delete(frame.id ?? 0)
    this.#tell({ type: 'answer', ticket, frame })
  }

  #tell(message: OwnerMessage): void {
    this.#out.push({ type: 'tell', message })
  }

  #send(frames: readonly ClientFrame[]): void {
    for (const frame of frames) this.#write(encodeFrame(frame))
  }

  #write(text: string): void {
    this.traffic.bytesSent += utf8Length(text)
    this.traffic.framesSent++
    this.#out.push({ type: 'write', text })
  }
}
