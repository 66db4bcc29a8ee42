// A TCP relay that can go silent in the middle, as a path does when a cable is pulled: nobody is told anything.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Tunnel {
  readonly port: number
  /** From now on nothing passes through what is open, either way, and no end is told. */
  silence(): void
  /** Cuts what is open; both sides learn it. */
  cut(): void
  close(): Promise<void>
}

/** Opens a relay to `port`. */
export async function openTunnel(port: number): Promise<Tunnel> {
  const sockets = new Set<Socket>()
  const silent = new Set<Socket>()
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', (chunk) => (silent.has(from) ? undefined : to.write(chunk)))
    from.on('close', () => (silent.has(from) ? undefined : to.destroy()))
    from.on('error', () => undefined)
  }
  const relay = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    join(near, far)
    join(far, near)
  })
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve))
  return {
    port: (relay.address() as AddressInfo).port,
    silence() {
      for (const socket of sockets) silent.add(socket)
    },
    cut() {
      for (const socket of sockets) socket.destroy()
    },
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => relay.close(resolve))
    },
  }
}
