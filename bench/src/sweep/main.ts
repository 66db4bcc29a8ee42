/** A process with very many simulated connections on a real node: how long each look of its clock takes, heartbeats and all. */

import { setImmediate as turn } from 'node:timers/promises'
import { VirtualServer, VirtualTime } from 'staywire/testing'
import { answerAsks } from '../process/asks.ts'

/** What the looks took, in milliseconds of CPU time. */
export interface Sweep {
  readonly meanMs: number
  readonly p99Ms: number
  /** The worst one. */
  readonly mostMs: number
  readonly pings: number
}

type Node = VirtualServer['node']
type Link = Parameters<Node['accept']>[0]
type Connection = ReturnType<Node['accept']>

const PING = '{"type":"ping"}'
const PONG = '{"type":"pong"}'
/** They come as fast as a node lets them in by default (`acceptPerSecond`), so that their heartbeats lie apart. */
const AT_ONCE = 500
const AT_ONCE_MS = 1_000

/** Comes from an address of its own, as limits ask for. */
function address(number: number): string {
  return `10.${(number >> 16) & 255}.${(number >> 8) & 255}.${number & 255}`
}

/** Connects so many, while time goes by; answers what answers the pings since the last time, and how many there were. */
async function populate(node: Node, count: number, time: VirtualTime): Promise<() => number> {
  const connections: Connection[] = []
  const pinged: number[] = []
  const answer = (): number => {
    const numbers = pinged.splice(0)
    for (const number of numbers) node.received(connections[number] as Connection, PONG, PONG.length)
    return numbers.length
  }
  for (let number = 0; number < count; number++) {
    const link: Link = {
      transport: 'websocket',
      outbox: {
        bytes: 0,
        sentBytes: 0,
        send: ({ text }) => void (text === PING && pinged.push(number)),
        sendRequested: () => undefined,
        whenDrained: (then) => then(),
      },
      pause: () => undefined,
      resume: () => undefined,
      ping: () => undefined,
      close: () => undefined,
    }
    const approach = { address: address(number), url: '/', headers: {}, token: undefined, bare: undefined }
    const connection = node.accept(link, approach)
    connections.push(connection)
    const connect = JSON.stringify({ type: 'connect', id: 1, token: `user ${number}` })
    node.received(connection, connect, connect.length)
    if (number % AT_ONCE > 0) continue
    await turn()
    time.advance(AT_ONCE_MS)
    answer()
  }
  while (node.registry.connected < count) await turn()
  return answer
}

async function sweep(connections: number, intervals: number): Promise<Sweep> {
  const time = new VirtualTime()
  const { node } = new VirtualServer(time, {
    authenticate: ({ token = '' }) => ({ user: token }),
    limits: { connections: connections * 2, acceptPerSecond: 0 },
  })
  const took: number[] = []
  const tick = node.tick.bind(node)
  let timed = false
  node.tick = () => {
    const from = process.cpuUsage()
    tick()
    const { user, system } = process.cpuUsage(from)
    if (timed) took.push((user + system) / 1_000)
  }
  const answer = await populate(node, connections, time)
  const { tickMs, heartbeat } = node.settings
  let pings = 0
  // The first interval warms up.
  for (let at = 0; at < heartbeat.intervalMs * (intervals + 1); at += tickMs) {
    timed = at >= heartbeat.intervalMs
    time.advance(tickMs)
    const answered = answer()
    if (timed) pings += answered
  }
  if (node.registry.connected !== connections) throw new Error(`${node.registry.connected} of ${connections} are left`)
  if (pings < connections) throw new Error(`${pings} pings for ${connections} connections`)
  took.sort((a, b) => a - b)
  const sum = took.reduce((total, ms) => total + ms, 0)
  return {
    meanMs: sum / took.length,
    p99Ms: took[Math.floor(took.length * 0.99)] ?? 0,
    mostMs: took.at(-1) ?? 0,
    pings,
  }
}

answerAsks({
  sweep: ({ connections, intervals }: { connections: number; intervals: number }) => sweep(connections, intervals),
})
