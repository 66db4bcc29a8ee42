// One WebSocket (https://websockets.spec.whatwg.org) as a link: texts out, texts in, one ending. Knows nothing of what the texts mean.

import type { ClientOptions, WebSocketLike } from '../api.ts'
import type { Link, LinkListener } from '../world.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import { SUBPROTOCOL } from '../../protocol/frame.ts'
import { MESSAGE_FRAMES } from '../../protocol/limits.ts'
import type { Log } from './debug.ts'

/** Most characters of a message of several frames: what is no larger than one frame may be is measured by nobody. */
const MESSAGE_CHARS = 16_384

/** Opens a WebSocket; `undefined` when the runtime has none or refuses the URL, which is told as a hopeless ending. */
export function openLink(
  url: () => string,
  Given: ClientOptions['WebSocket'],
  { opened, text, ended }: LinkListener,
  log: Log | undefined,
): Link | undefined {
  let socket: WebSocketLike
  try {
    const Implementation = Given ?? (globalThis as { WebSocket?: typeof WebSocketLike }).WebSocket
    if (!Implementation) throw new StaywireError('no-websocket', 'There is no WebSocket.')
    socket = new Implementation(url(), SUBPROTOCOL)
  } catch (error) {
    ended({ reason: (error as Error).message, hopeless: true })
    return undefined
  }
  socket.onopen = opened
  socket.onmessage = ({ data }: { data: unknown }) => {
    if (typeof data !== 'string') return
    log?.('←', data)
    text(data)
  }
  socket.onclose = ended
  // Says nothing that `close` does not say, but some implementations throw when nobody listens.
  socket.onerror = () => {}
  // What is sent in one turn goes in one message. PROTOCOL.md, BATCH-5.
  let waiting = ''
  let count = 0
  const flush = (): void => {
    if (count > 0) socket.send(count > 1 ? `[${waiting}]` : waiting)
    waiting = ''
    count = 0
  }
  return {
    send(text) {
      log?.('→', text)
      if (count >= MESSAGE_FRAMES || waiting.length + text.length > MESSAGE_CHARS) flush()
      if (count++ === 0) queueMicrotask(flush)
      else waiting += ','
      waiting += text
    },
    abandon() {
      flush()
      socket.onopen = socket.onmessage = socket.onclose = null
      socket.close()
    },
  }
}
