// The service worker of `reload.ts`: opens a connection for each page load that asks. It outlives all of them. Mended pages
// ask it to close what their tab had before.

import { open, type Who } from './connection.ts'

const connections = new Map<Who, WebSocket>()

addEventListener('message', ({ data }: MessageEvent<{ who: Who; only: boolean }>) => {
  const { who, only } = data
  for (const [other, connection] of connections) {
    if (!only || other.tab !== who.tab) continue
    connection.close()
    connections.delete(other)
  }
  connections.set(who, open(who, 'service worker'))
})
