/** `ws` for accepting and reading; writing is one frame built per publication and given to each socket. */

import { encodeText } from '../wire/frame.ts'
import { serve } from './bench-server.ts'
import { plainServer } from './plain.ts'
import { wsEngine } from './ws-engine.ts'

serve(
  plainServer(
    wsEngine(
      (_webSocket, socket) => socket,
      encodeText,
      (socket, frame) => socket.write(frame),
    ),
  ),
)
