/** Event streams by better-sse: one of its channels for each of ours, and a broadcast for each publication. */

import { createServer } from 'node:http'
import { createChannel, createSession, type Channel } from 'better-sse'
import { serve } from './bench-server.ts'
import { listen } from './listen.ts'

const channels = new Map<string, Channel>()
let connections = 0

function channelOf(name: string): Channel {
  const channel = channels.get(name) ?? createChannel()
  channels.set(name, channel)
  return channel
}

const server = createServer((request, response) => {
  connections += 1
  response.on('close', () => (connections -= 1))
  void createSession(request, response).then((session) => channelOf((request.url ?? '/').slice(1)).register(session))
})

serve({
  start: () => listen(server),
  publish: (channel, body) => void channels.get(channel)?.broadcast(body),
  connections: () => connections,
})
