// One WebSocket (https://websockets.spec.whatwg.org) as a link: texts out, texts in, one ending. Knows nothing of what the texts mean.

import type { ClientOptions, WebSocketLike } from '../api.ts'
import type { Ending } from '../connection/cause.ts'
import { SUBPROTOCOL } from '../../protocol/frame.ts'

/** What a link tells. After `abandon` it tells nothing. */
export interface LinkListener {
  opened(): void
  text(text: string): void
  ended(ending: Ending): void
}

/** One live or opening WebSocket. */
export interface Link {
  send(text: string): void
  /**
   * Handlers off, closed, forgotten. Nobody waits for its `close` event: on a dead network that comes after 20–60 s, in
   * Safari perhaps never.
   */
  abandon(): void
}

/** Opens a WebSocket; `undefined` when the runtime has none or refuses the URL, which is told as a hopeless ending. */
export function openLink(url: () => string, Given: ClientOptions['WebSocket'], { opened, text, ended }: LinkListener): Link | undefined {
  let socket: WebSocketLike
  try {
    const Implementation = Given ?? (WebSocket as unknown as typeof WebSocketLike)
    socket = new Implementation(url(), SUBPROTOCOL)
  } catch (error) {
    ended({ reason: String(error), hopeless: true })
    return undefined
  }
  socket.onopen = opened
  socket.onmessage = ({ data }: { data: unknown }) => typeof data === 'string' && text(data)
  socket.onclose = ended
  // Says nothing that `close` does not say, but some implementations throw when nobody listens.
  socket.onerror = () => {}
  return {
    send: (text) => socket.send(text),
    abandon() {
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    },
  }
}
