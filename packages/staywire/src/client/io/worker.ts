// The script of the shared worker, built into one classic script: houses the owners of this browser's connections to the server
// that it was loaded from. Does nothing but pass on what comes in by its ports.

import { OwnerHost } from '../sharing/owner-host.ts'
import { hostWorld } from './host-world.ts'

const host = new OwnerHost(hostWorld())

;(globalThis as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = ({ ports }) => {
  const [port] = ports
  if (!port) return
  const way = { post: (message: unknown) => port.postMessage(message) }
  port.onmessage = ({ data }) => host.received(way, data)
}
