/** Bun's own WebSocket server with its native channels: no Node, no JavaScript per subscriber. Speaks the wire of the plain servers. */

import { serve } from './bench-server.ts'

interface Link {
  readonly data: { readonly channel: string }
  subscribe(channel: string): void
  send(text: string): void
}

interface Listening {
  readonly port: number
  upgrade(request: { url: string }, options: { data: Link['data'] }): boolean
  publish(channel: string, text: string): void
}

/** What is used of Bun. */
declare const Bun: {
  gc(synchronously: boolean): void
  serve(options: {
    hostname: string
    port: number
    fetch(request: { url: string }, server: Listening): undefined
    websocket: { open(link: Link): void; message(link: Link, text: string): void; close(): void }
  }): Listening
}

let connections = 0

const server = Bun.serve({
  hostname: '127.0.0.1',
  port: 0,
  fetch(request, listening) {
    listening.upgrade(request, { data: { channel: new URL(request.url).pathname.slice(1) } })
    return undefined
  },
  websocket: {
    open(link) {
      connections += 1
      link.subscribe(link.data.channel)
    },
    message(link, text) {
      const command = text[0]
      if (command === 'e') {
        link.send(text)
        return
      }
      const space = text.indexOf(' ')
      server.publish(text.slice(1, space), text.slice(space + 1))
      if (command === 'a') link.send('a')
    },
    close() {
      connections -= 1
    },
  },
})

serve({
  start: () => Promise.resolve(server.port),
  publish: (channel, body) => server.publish(channel, body),
  connections: () => connections,
  collect: () => Bun.gc(true),
})
