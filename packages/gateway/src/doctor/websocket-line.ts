// A WebSocket of the doctor. `ws` is used for what a browser hides: the status and the headers that an upgrade was answered with.
import { decodeServerFrame, encodeFrame, SUBPROTOCOL, type ClientFrame } from 'staywire/protocol'
import { WebSocket } from 'ws'
import type { Patient } from './diagnosis.ts'
import { Line, Unreachable } from './line.ts'

export class WebSocketLine extends Line {
  readonly #socket: WebSocket

  private constructor(socket: WebSocket) {
    super()
    this.#socket = socket
    socket.on('message', (data: Buffer) => {
      const frame = decodeServerFrame(data.toString())
      if (frame) this.heard(frame)
    })
    socket.on('close', (code, reason) => this.over(code, String(reason)))
  }

  /** @throws Unreachable when there is no upgrade. */
  static async open({ url, origin, timeoutMs }: Patient): Promise<WebSocketLine> {
    const address = url.href.replace(/^http/, 'ws')
    const socket = new WebSocket(address, SUBPROTOCOL, {
      origin,
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
    })
    const line = new WebSocketLine(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('open', resolve)
      socket.on('error', (error) => reject(new Unreachable(error.message)))
      socket.once('unexpected-response', (_, response) => {
        reject(new Unreachable(`answered ${response.statusCode}`, response.statusCode))
        socket.terminate()
      })
    })
    return line
  }

  send(frame: ClientFrame): void {
    this.#socket.send(encodeFrame(frame))
  }

  close(): void {
    this.#socket.close(1000)
  }
}
