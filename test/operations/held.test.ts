// What a server holds for connections that are not there, and connections that nobody uses: planted in one real server, while
// another does the same as it should and stays silent.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { Seats, type Seat, type Sitter } from '../../packages/staywire/dist/server/guard/seats.js'
import { eventually } from '../browser/harness/eventually.ts'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'

/** A server with its operations, on a port of its own. */
class Node {
  readonly operations = createOperations({ authorize: () => true })
  readonly server = createServer({ ...SPEC_OPTIONS, observer: this.operations.observer })
  /** Its ends of the sockets, in the order in which they came. */
  readonly sockets: Socket[] = []
  readonly #http = createHttpServer((request, response) => void this.operations.handler(request, response))
  #origin = ''

  async open(): Promise<void> {
    this.operations.watch(this.server)
    this.server.attach(this.#http)
    this.#http.on('connection', (socket) => this.sockets.push(socket))
    await new Promise<void>((resolve) => this.#http.listen(0, '127.0.0.1', resolve))
    this.#origin = `127.0.0.1:${(this.#http.address() as AddressInfo).port}`
  }

  connect(user: string, more: object = {}): Promise<Peer> {
    return Peer.connect(`ws://${this.#origin}/realtime`, user, more)
  }

  async findings(): Promise<readonly string[]> {
    const response = await fetch(`http://${this.#origin}/api/v1/findings`)
    return ((await response.json()) as { findings: { kind: string }[] }).findings.map(({ kind }) => kind).sort()
  }

  async close(): Promise<void> {
    this.operations.stop()
    await this.server.close()
    this.#http.close()
  }
}

const leaking = new Node()
const sound = new Node()
const NODES = [leaking, sound]
const MINUTE_MS = 60_000

beforeAll(() => Promise.all(NODES.map((node) => node.open())))
afterAll(async () => {
  vi.restoreAllMocks()
  await Promise.all(NODES.map((node) => node.close()))
})

it('names connections that nobody uses, seats that are not given back and sockets that stay, until they are', async () => {
  const used = { subscriptions: [{ channel: 'live:a' }] }
  const three = (node: Node, more: object) =>
    Promise.all([1, 2, 3].map((n) => node.connect(`user ${n}`, { origin: { label: 'report' }, ...more })))
  const idle = [...(await three(leaking, {})), ...(await three(sound, used))]
  // A minute goes by; what is planted after it has lasted for no longer than it is there.
  const clock = Date.now
  vi.spyOn(Date, 'now').mockImplementation(() => clock() + MINUTE_MS)

  const given: (() => void)[] = []
  const leave = vi.spyOn(Seats.prototype, 'leave')
  for (const node of NODES) {
    const guest = await node.connect('guest', used)
    if (node === leaking)
      leave.mockImplementationOnce(function (this: Seats<Sitter>, who: Sitter, seat: Seat) {
        given.push(() => this.leave(who, seat))
      })
    guest.drop()
    await eventually(() => node.server.getUserConnections('guest')).toEqual([])
  }

  for (const node of NODES) {
    const deaf = await node.connect('deaf', used)
    const socket = node.sockets.at(-1)
    if (node === leaking && socket) socket.destroy = () => socket
    deaf.pause()
    await node.server.user('deaf').close()
  }

  await eventually(() => leaking.findings()).toEqual([
    'descriptors-over-registry',
    'ghost-in-store',
    'never-subscribed',
  ])
  expect(await sound.findings()).toEqual([])

  for (const peer of idle) peer.drop()
  for (const give of given) give()
  for (const socket of leaking.sockets) {
    Reflect.deleteProperty(socket, 'destroy')
    socket.destroy()
  }
  await eventually(() => leaking.findings()).toEqual([])
})
