/** Socket.IO with WebSocket only: rooms for channels, acknowledgement callbacks for answers, everything else as it comes. */

import { createServer } from 'node:http'
import { Server } from 'socket.io'
import { serve } from './bench-server.ts'
import { listen } from './listen.ts'

const server = createServer()
const io = new Server(server, { transports: ['websocket'], serveClient: false })

io.on('connection', (socket) => {
  socket.on('subscribe', (channel: string, done: () => void) => {
    void socket.join(channel)
    done()
  })
  socket.on('echo', (body: string, answer: (body: string) => void) => answer(body))
  socket.on('publish', (channel: string, body: string, done?: () => void) => {
    io.to(channel).emit('m', body)
    done?.()
  })
})

serve({
  start: () => listen(server),
  publish: (channel, body) => io.to(channel).emit('m', body),
  connections: () => io.sockets.sockets.size,
})
