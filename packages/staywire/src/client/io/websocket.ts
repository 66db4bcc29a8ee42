// One WebSocket (https://websockets.spec.whatwg.org) as a link: texts out, texts in, one ending. Knows nothing of what the texts mean.

import type { ClientOptions, WebSocketLike } from '../api.ts'
import type { LinkEnding } from '../connection/input.ts'
import { SUBPROTOCOL } from '../../protocol/frame.ts'

/** What a link tells. After `abandon` it tells nothing. */
export interface LinkListener {
  opened(): void
  text(text: string): void
  ended(ending: LinkEnding): void
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

/** Opens a WebSocket. What is wrong with the runtime or the URL comes as a hopeless ending, later, like any other. */
export function openLink(url: () => string, implementation: ClientOptions['WebSocket'], listener: LinkListener): Link {
  let socket: WebSocketLike | undefined
  try {
    const Implementation = implementation ?? (globalThis as { WebSocket?: typeof WebSocketLike }).WebSocket
    if (Implementation === undefined) throw new Error('this runtime has no WebSocket: pass one as the option `WebSocket`')
    socket = new Implementation(url(), SUBPROTOCOL)
  } catch (error) {
    queueMicrotask(() => listener.ended({ reason: error instanceof Error ? error.message : String(error), hopeless: true }))
    return { send() {}, abandon: () => (listener = SILENT) }
  }
  const open = socket
  open.onopen = () => listener.opened()
  open.onmessage = ({ data }: { data: unknown }) => typeof data === 'string' && listener.text(data)
  open.onclose = ({ code, reason }: { code: number; reason: string }) => listener.ended({ code, reason })
  // Says nothing that `close` does not say, but some implementations throw when nobody listens.
  open.onerror = () => {}
  return {
    send: (text) => open.send(text),
    abandon() {
      open.onopen = open.onmessage = open.onclose = null
      open.close()
    },
  }
}

const SILENT: LinkListener = { opened() {}, text() {}, ended() {} }
