/** Clients that come back all at once after a restart, each with a position that misses everything, and count what they get. */

import { connect, type Socket } from 'node:net'
import { answerAsks } from '../process/asks.ts'
import { encodeMasked, scan, TEXT } from '../wire/frame.ts'
import { readUpgrade, upgradeRequest } from '../wire/handshake.ts'
import { mintToken } from '../wire/token.ts'

/** Whom they come back to, and what they missed. */
export interface Return {
  readonly port: number
  readonly secret: string
  readonly epoch: string
  readonly clients: number
  readonly missed: number
}

const PUBLICATION = Buffer.from('{"type":"publication"')

/** Resolves with the milliseconds from this client's `connect` frame to its last missed publication. */
function comeBack({ port, secret, epoch, missed }: Return, index: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      localAddress: `127.0.0.${2 + (index % 4)}`,
    })
    let rest = Buffer.alloc(0)
    let upgraded = false
    let from = 0
    let got = 0
    const frame = (_: undefined, opcode: number, bytes: Buffer, start: number): void => {
      if (opcode !== TEXT || bytes.compare(PUBLICATION, 0, PUBLICATION.length, start, start + PUBLICATION.length) !== 0)
        return
      got += 1
      if (got < missed) return
      resolve(performance.now() - from)
      socket.resetAndDestroy()
    }
    socket.on('error', reject)
    socket.on('close', () => reject(new Error(`client ${index} was closed after ${got} of ${missed} publications`)))
    socket.write(upgradeRequest('/realtime', port, ['Sec-WebSocket-Protocol: staywire.v1']), 'latin1')
    socket.on('data', (chunk: Buffer) => {
      let bytes = Buffer.concat([rest, chunk])
      if (!upgraded) {
        const head = readUpgrade(bytes)
        if (head.state !== 'open') return void (rest = bytes)
        upgraded = true
        bytes = bytes.subarray(head.end)
        from = performance.now()
        const subscriptions = [{ channel: 'c0', position: { epoch, offset: 0 } }]
        socket.write(
          encodeMasked(
            TEXT,
            JSON.stringify({ type: 'connect', id: 1, token: mintToken(`user-${index}`, secret), subscriptions }),
          ),
        )
      }
      rest = bytes.subarray(scan(bytes, undefined, frame))
    })
  })
}

answerAsks({
  async back(returning: Return) {
    const took = await Promise.all(Array.from({ length: returning.clients }, (_, index) => comeBack(returning, index)))
    took.sort((a, b) => a - b)
    const at = (share: number): number => took[Math.floor(took.length * share)] ?? 0
    return { p50Ms: at(0.5), p99Ms: at(0.99) }
  },
})
