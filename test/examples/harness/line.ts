// The network between a browser and an example, which can be cut: a relay of bytes in front of its port.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

/** A line that is up. */
export interface Line {
  /** Where the browser goes. */
  readonly url: string
  /** Ends every link, and lets none through. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

/** Opens a line to `port` of this machine. */
export async function openLine(port: number): Promise<Line> {
  const links = new Set<Socket>()
  let whole = true
  const keep = (socket: Socket) => {
    links.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => links.delete(socket))
  }
  const server = createServer((near) => {
    if (!whole) return void near.destroy()
    const far = connect(port, '127.0.0.1')
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      keep(from)
      from.pipe(to)
      from.on('close', () => to.destroy())
    }
  })
  const cut = () => {
    whole = false
    for (const link of links) link.destroy()
  }
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    mend: () => void (whole = true),
    async close() {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
