/** What compressing costs and saves: documents of about 4 KiB to readers that offer permessage-deflate, with it and without. */

import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Compressing } from '../compression/main.ts'
import { Child } from '../process/child.ts'
import type { Scenario } from '../scenario.ts'
import { upgradeRequest } from '../wire/handshake.ts'
import { encodeMasked, TEXT } from '../wire/frame.ts'
import { mintToken } from '../wire/token.ts'

const READERS = 200
const SECRET = 'not-a-secret-but-thirty-two-bytes!'
const HEADERS = ['Sec-WebSocket-Protocol: staywire.v1', 'Sec-WebSocket-Extensions: permessage-deflate']

/** Counts what arrives and reads none of it. */
function reader(port: number, index: number, count: (bytes: number) => void): Socket {
  const socket = connect(port, '127.0.0.1')
  const frame = {
    type: 'connect',
    id: 1,
    token: mintToken(`user-${index}`, SECRET),
    subscriptions: [{ channel: 'c0' }],
  }
  socket.write(upgradeRequest('/realtime', port, HEADERS))
  socket.once('data', () => socket.write(encodeMasked(TEXT, JSON.stringify(frame))))
  return socket.on('data', ({ length }) => count(length))
}

async function measure(enabled: boolean, publications: number): Promise<Compressing & { bytes: number }> {
  const child = new Child({ name: 'compression', file: 'compression/main.ts', cpu: undefined })
  let bytes = 0
  const sockets: Socket[] = []
  try {
    const port = await child.ask<number>('open', { enabled, secret: SECRET })
    for (let index = 0; index < READERS; index += 1) sockets.push(reader(port, index, (more) => (bytes += more)))
    while ((await child.ask<number>('subscribers')) < READERS) await sleep(20)
    await child.ask('publish', { count: Math.ceil(publications / 4) })
    bytes = 0
    const cost = await child.ask<Compressing>('publish', { count: publications })
    await sleep(100)
    return { ...cost, bytes }
  } finally {
    for (const socket of sockets) socket.destroy()
    await child.stop()
  }
}

export const compression: Scenario = {
  name: 'compression',
  about: `documents of 4 KiB to ${READERS} readers that offer permessage-deflate: with it and, beside it, without`,
  figures: [
    { name: 'cpuUsPerDelivery', heading: 'CPU µs per delivery', digits: 2 },
    { name: 'plainCpuUsPerDelivery', heading: 'without', digits: 2 },
    { name: 'ratio', heading: 'bytes after / before', digits: 3 },
    { name: 'bytesPerDelivery', heading: 'B on the wire per delivery', digits: 0 },
    { name: 'plainBytesPerDelivery', heading: 'without', digits: 0 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: false,
  servers: ['staywire'],
  async run(_pair, size) {
    const publications = size === 'full' ? 400 : 120
    const deliveries = publications * READERS
    const plain = await measure(false, publications)
    const deflated = await measure(true, publications)
    return {
      cpuUsPerDelivery: deflated.cpuUs / deliveries,
      plainCpuUsPerDelivery: plain.cpuUs / deliveries,
      ratio: deflated.ratio,
      bytesPerDelivery: deflated.bytes / deliveries,
      plainBytesPerDelivery: plain.bytes / deliveries,
    }
  },
}
