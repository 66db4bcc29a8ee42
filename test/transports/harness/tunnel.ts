// A TCP relay that can go silent in the middle, as a path does when a cable is pulled: nobody is told anything.

import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Tunnel {
  readonly port: number
  /** From now on nothing passes, either way, and no end is told. */
  silence(): void
  close(): Promise<void>
}

/** Opens a relay to `port`. */
export async function openTunnel(port: number): Promise<Tunnel> {
  const sockets = new Set<Socket>()
  let silent = false
  const join = (from: Socket, to: Socket): void => {
    sockets.add(from)
    from.on('data', (chunk) => (silent ? undefined : to.write(chunk)))
    from.on('close', () => (silent ? undefined : to.destroy()))
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
    silence: () => void (silent = true),
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => relay.close(resolve))
    },
  }
}
