// A client of the page's own, as such pages have: it opens a connection each time it is called and says who it is, but brings no
// fence, so that the server cannot tell which one is meant to last.

/** Who a connection is for. Chosen at the page's load: the browser and the tab are remembered as apps remember them. */
export interface Who {
  readonly user: string
  readonly browser: string
  readonly tab: string
  readonly page: string
}

/** Opens one. `instance`: which object of the page it belongs to. */
export function open(who: Who, label: string, instance: string = crypto.randomUUID()): WebSocket {
  const { user, ...place } = who
  const socket = new WebSocket(`ws://${location.host}/realtime`, 'staywire.v1')
  socket.onopen = () =>
    socket.send(
      JSON.stringify({
        type: 'connect',
        id: 1,
        token: user,
        origin: { ...place, instance, label },
        subscriptions: [{ channel: 'live:blocks' }],
      }),
    )
  socket.onmessage = ({ data }) => {
    if ((JSON.parse(String(data)) as { type: string }).type === 'ping') socket.send('{"type":"pong"}')
  }
  return socket
}
