// Thousands come and go on a real server with its operations: afterwards nothing of them is left.

import { connect } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createOperations } from 'staywire/operations'
import { expect, it, onTestFinished, vi } from 'vitest'
import { startHost, type Host } from '../conformance/harness/host.ts'

/** `STAYWIRE_CHURN=10000` for all of them; each run of the tests makes do with fewer. */
const ALL = Number(process.env['STAYWIRE_CHURN'] ?? 4_000)
/** After so many everything that is bounded is full. */
const WARM_UP = 2_000
const AT_ONCE = 100
/** What those after the warm-up may leave behind: far less than the smallest thing that is kept for each of them. */
const MOST_LEFT_BYTES = Math.max(1_200_000, (ALL - WARM_UP) * 150)

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const NO_MASK = Buffer.alloc(4)

/** One text message of a client (RFC 6455 §5.2), masked with zeros, which changes nothing. */
function message(frame: object): Buffer {
  const text = Buffer.from(JSON.stringify(frame))
  const length = text.length < 126 ? Buffer.from([0x80 | text.length]) : Buffer.from([0xfe, 0, text.length])
  return Buffer.concat([Buffer.from([0x81]), length, NO_MASK, text])
}

/** The close frame of whoever ends in order (RFC 6455 §5.5.1). */
const CLOSED = Buffer.concat([Buffer.from([0x88, 0x82]), NO_MASK, Buffer.from([0x03, 0xe8])])

/** Whether a close frame with code 1000 came: its opcode, its length, its code. */
function closes(chunk: string): boolean {
  const code = chunk.indexOf('\u0003\u00e8')
  return code >= 2 && chunk[code - 2] === '\u0088'
}

let last = 0

/** Comes with everything it has to say in one piece, by hand: thousands of clients of a library would be what is measured. */
function visit(port: number, leaves: boolean): Promise<void> {
  const who = ++last
  const origin = { browser: `b${who}`, label: 'churn' }
  const upgrade = [
    'GET /realtime HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    ...['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Protocol: staywire.v1', '', ''],
  ]
  const said = [
    Buffer.from(upgrade.join('\r\n')),
    message({ type: 'connect', id: 1, token: `user ${who}`, origin }),
    message({ type: 'subscribe', id: 2, channel: `live:${who % AT_ONCE}` }),
  ]
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(Buffer.concat(said)))
    let heard = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      // Without its own end of the WebSocket the server gives up on it after a second: the first hundred leave it at that.
      if (who > AT_ONCE && closes(chunk)) return void socket.end(CLOSED)
      heard += chunk
      if (!heard.includes('"type":"subscribed","id":2')) return
      heard = ''
      if (leaves) socket.write(message({ type: 'disconnect', end: true }))
      else socket.destroy()
    })
    socket.on('end', () => socket.end())
    socket.on('error', reject)
    socket.on('close', () => resolve())
  })
}

async function comeAndGo({ port }: Host, count: number): Promise<void> {
  for (let done = 0; done < count; done += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => visit(port, index % 2 === 0)))
}

async function heapAtRest(): Promise<number> {
  let least = Infinity
  for (let look = 0; look < 5; look++) {
    collect()
    await new Promise((resolve) => void setTimeout(resolve, 100))
    least = Math.min(least, process.memoryUsage().heapUsed)
  }
  return least
}

/** The gauges of who is there and what is held for them. */
function gaugesOf(page: string): Map<string, number> {
  const kinds = new Map([...page.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', kind = '']) => [name, kind]))
  const samples = [...page.matchAll(/^([a-z_]+)(\{.*\})? (\S+)$/gm)]
  const others = /^(process_|staywire_(max_connections|unique_users_ratio|store_available|event_loop_lag))/
  return new Map(
    samples
      .filter(([, name = '']) => kinds.get(name) === 'gauge' && !others.test(name))
      .map(([, name = '', labels = '', value]) => [name + labels, Number(value)]),
  )
}

it('is back where it was: every gauge is 0, and so is what the heap has gained', { timeout: 600_000 }, async () => {
  const operations = createOperations({ closedConnections: 100 })
  // The ttl of a session is the only thing that is meant to outlive a connection.
  const limits = { sessionTtlMs: 100, connectionsFromLoopback: 10_000, acceptPerSecond: 0 }
  const host = await startHost({ observer: operations.observer, limits })
  operations.watch(host.server)
  onTestFinished(async () => {
    operations.stop()
    await host.close()
  })
  const nobody = async () => {
    const gauges = () => [...gaugesOf(operations.metrics.text())].filter(([, value]) => value !== 0)
    await vi.waitFor(() => expect(gauges()).toEqual([]), { timeout: 20_000, interval: 300 })
  }
  await comeAndGo(host, WARM_UP)
  await nobody()
  const before = await heapAtRest()
  await comeAndGo(host, ALL - WARM_UP)
  await nobody()
  expect((await heapAtRest()) - before).toBeLessThan(MOST_LEFT_BYTES)
  expect(operations.metrics.read('staywire_connects_total')).toBe(ALL)
  expect(operations.metrics.read('staywire_closes_total')).toBe(ALL)
  expect(gaugesOf(operations.metrics.text()).size).toBeGreaterThan(20)
  const { held, connections, connecting } = host.server.stats()
  expect({ held, connections, connecting }).toEqual({
    held: { links: 0, seats: 0, sessions: 0, listeners: 0 },
    connections: 0,
    connecting: 0,
  })
})
