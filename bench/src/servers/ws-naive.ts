/** What most people write: a loop of `webSocket.send(text)`. */

import type { WebSocket } from 'ws'
import { serve } from './bench-server.ts'
import { plainServer } from './plain.ts'
import { wsEngine } from './ws-engine.ts'

serve(
  plainServer(
    wsEngine(
      (webSocket): WebSocket => webSocket,
      (text) => text,
      (webSocket, text) => webSocket.send(text),
    ),
  ),
)
