// Many clients of the notification service in little room: they speak Engine.IO 4 and Socket.IO 5 by hand, as far as it takes to
// be connected, to answer pings and to send the application's own.

import { WebSocket } from 'ws'

const PING_EVERY_MS = 20_000
const AT_ONCE = 100

/** The clients that are connected. */
export interface Crowd {
  close(): void
}

/** Connects so many users, one device each. Resolves when all of them are. */
export async function openCrowd(url: string, size: number): Promise<Crowd> {
  const sockets: WebSocket[] = []
  const base = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket&userId=crowd-`
  while (sockets.length < size) {
    const some = Array.from({ length: Math.min(AT_ONCE, size - sockets.length) }, (_, i) =>
      dial(base + (sockets.length + i)),
    )
    sockets.push(...(await Promise.all(some)))
  }
  // Each at a time of its own.
  const timer = setInterval(() => {
    const at = Math.floor((performance.now() / PING_EVERY_MS) * size) % size
    for (let i = 0; i < size / 100; i++) sockets[(at + i) % size]?.send('42/notifications,["ping"]')
  }, PING_EVERY_MS / 100)
  return {
    close() {
      clearInterval(timer)
      for (const socket of sockets) socket.terminate()
    },
  }
}

function dial(url: string): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url)
    socket.on('error', reject)
    socket.on('message', (data: Buffer) => {
      const text = data.toString()
      if (text.startsWith('0')) socket.send('40/notifications,')
      if (text === '2') socket.send('3')
      if (text.startsWith('40/notifications,')) resolve(socket)
    })
  })
}
