/** Event streams as most people write them: a loop of `response.write` on node:http. */

import { createServer, type ServerResponse } from 'node:http'
import { serve } from './bench-server.ts'
import { listen } from './listen.ts'
import { plainServer, type EngineEvents } from './plain.ts'

function start(events: EngineEvents<ServerResponse>): Promise<number> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' })
    response.flushHeaders()
    events.opened(response, path)
    response.on('close', () => events.closed(response, path))
  })
  return listen(server)
}

serve(plainServer({ start, prepare: (text) => `data: ${text}\n\n`, write: (response, event) => response.write(event) }))
