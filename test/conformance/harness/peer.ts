// A client without manners: one WebSocket over which a test says anything at all, and every frame and the close that come
// back, in order. It answers nothing by itself, not even pings.

import { once } from 'node:events'
import { WebSocket, type RawData } from 'ws'

/** A frame as it came, unchecked. */
export type Wire = { readonly type: string; readonly [field: string]: unknown }

export interface PeerOptions {
  /** Subprotocols to offer. Default `staywire.v1`; `[]` for a bare client. */
  readonly protocols?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

/** What the server closed with. */
export interface Ending {
  readonly code: number
  readonly reason: string
}

const PATIENCE_MS = 5_000

export class Peer {
  /** Resolves with the close; never rejects. */
  readonly ended: Promise<Ending>
  /** Frames that came and were not taken yet, oldest first. */
  readonly inbox: Wire[] = []
  /** The announcements of the user's own channel (CONN-12), kept apart: they come whenever they come. */
  readonly own: Wire[] = []
  /** How many RFC 6455 pings came. */
  wirePings = 0
  readonly #socket: WebSocket
  #waiting: (() => void)[] = []
  #lastId = 1_000
  #gone: Ending | undefined

  private constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data: RawData, binary: boolean) => {
      if (binary) throw new Error('The server sent a binary message.')
      const frame = JSON.parse((data as Buffer).toString()) as Wire
      const own =
        frame.type === 'subscribed' && frame['id'] === undefined && String(frame['channel']).startsWith('@user:')
      ;(own ? this.own : this.inbox).push(frame)
      this.#wake()
    })
    socket.on('ping', () => this.wirePings++)
    socket.on('error', () => undefined)
    this.ended = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#gone = { code, reason: reason.toString() }
        resolve(this.#gone)
        this.#wake()
      })
    })
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

  /** Sends a frame with an id of its own, and returns the answer that carries it. */
  async ask(frame: { readonly type: string; readonly [field: string]: unknown }): Promise<Wire> {
    const id = ++this.#lastId
    this.send({ ...frame, id })
    return this.take((answer) => answer['id'] === id)
  }

  /** Takes the first frame of a type (or that fits) out of the inbox, waiting for it. Rejects when the connection ends first. */
  async take(what: string | ((frame: Wire) => boolean)): Promise<Wire> {
    const fits = typeof what === 'string' ? (frame: Wire) => frame.type === what : what
    const wanted = typeof what === 'string' ? `"${what}"` : 'the answer'
    const deadline = Date.now() + PATIENCE_MS
    for (;;) {
      const index = this.inbox.findIndex(fits)
      if (index >= 0) return this.inbox.splice(index, 1)[0] as Wire
      if (this.#gone !== undefined)
        throw new Error(`Ended with ${this.#gone.code} before ${wanted}; had ${JSON.stringify(this.inbox)}`)
      if (Date.now() >= deadline)
        throw new Error(`No ${wanted} within ${PATIENCE_MS} ms; had ${JSON.stringify(this.inbox)}`)
      await this.#change(deadline - Date.now())
    }
  }

  /** Takes the next frame, whatever it is. */
  next(): Promise<Wire> {
    return this.take(() => true)
  }

  /** Takes everything that came before the server answered a ping sent now. */
  async settle(): Promise<Wire[]> {
    this.send({ type: 'ping' })
    await this.take('pong')
    return this.inbox.splice(0)
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

  #change(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      this.#waiting.push(() => {
        clearTimeout(timer)
        resolve()
      })
    })
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake()
  }
}
