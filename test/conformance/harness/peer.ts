// A client without manners over one WebSocket: a test says anything at all, and takes every frame and the close that come back.

import { once } from 'node:events'
import { WebSocket, type RawData } from 'ws'
import { Conversation, type Wire } from './conversation.ts'

export type { Wire } from './conversation.ts'

export interface PeerOptions {
  /** Subprotocols to offer. Default `staywire.v1`; `[]` for a bare client. */
  readonly protocols?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export class Peer extends Conversation {
  /** How many frames there were in each message of several. */
  readonly batches: number[] = []
  /** How many RFC 6455 pings came. */
  wirePings = 0
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    super()
    this.#socket = socket
    socket.on('message', (data: RawData, binary: boolean) => {
      if (binary) throw new Error('The server sent a binary message.')
      const message = JSON.parse((data as Buffer).toString()) as Wire | Wire[]
      if (Array.isArray(message)) this.batches.push(message.length)
      for (const frame of [message].flat()) this.heard(frame)
    })
    socket.on('ping', () => this.wirePings++)
    socket.on('error', () => undefined)
    socket.on('close', (code, reason) => this.over({ code, reason: reason.toString() }))
  }

  /** Opens a WebSocket. Rejects, with the HTTP status in the message, when the upgrade is refused. */
  static async open(url: string, { protocols = ['staywire.v1'], headers = {} }: PeerOptions = {}): Promise<Peer> {
    const socket = new WebSocket(url, [...protocols], { headers, perMessageDeflate: false })
    const peer = new Peer(socket)
    await once(socket, 'open')
    return peer
  }

  /** Opens and connects as `user`; returns after `connected`, which is left in `peer.connected`. */
  static async connect(url: string, user: string, more: object = {}): Promise<Peer & { readonly connected: Wire }> {
    const peer = await Peer.open(url)
    peer.send({ type: 'connect', id: 1, token: user, ...more })
    return Object.assign(peer, { connected: await peer.take('connected') })
  }

  /** The subprotocol that the server chose; empty when none. */
  get protocol(): string {
    return this.#socket.protocol
  }

  /** Sends an object as JSON, a string or bytes as they are. */
  send(what: object | string | Uint8Array): void {
    this.#socket.send(typeof what === 'string' || what instanceof Uint8Array ? what : JSON.stringify(what))
  }

  /** Sends bytes as one text message, valid UTF-8 or not; `mask: false` breaks RFC 6455 §5.3. */
  sendText(bytes: Uint8Array, mask = true): void {
    this.#socket.send(bytes, { binary: false, mask })
  }

  /** Stops reading, as a stalled reader does. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Vanishes without a close frame. */
  drop(): void {
    this.#socket.terminate()
  }
}
