// A server in virtual time: a real node with everything of the world replaced, over virtual links. It can crash.

import { Node, type Close } from '../server/node/node.ts'
import { memoryBroker } from '../server/broker/memory/memory-broker.ts'
import type { Connection } from '../server/connection/connection.ts'
import type { Approach, Link, Outbox } from '../server/connection/link.ts'
import type { EncodedFrame } from '../server/hub/encoded-frame.ts'
import type { ServerOptions } from '../server/options.ts'
import { CLOSE } from '../protocol/close-code.ts'
import { utf8Length } from '../protocol/byte-length.ts'
import { seededRandom } from './seeded-random.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { Cancel, VirtualTime } from './virtual-time.ts'

/** What a virtual server is made with. */
export interface VirtualServerOptions extends ServerOptions {
  /** The seed of its randomness. Default 1. */
  readonly seed?: number
}

/** A node is ticked at least this often, for what its broker lets go of. */
const LONGEST_PAUSE_MS = 10_000

const APPROACH: Approach = { address: '192.0.2.1', url: '/realtime', headers: {}, token: undefined, bare: undefined }

/** A node that lives in virtual time. Its name is `node-<n>`, a new one after each crash. */
export class VirtualServer {
  readonly node: Node
  /** Errors of application code, and of our own: a test that does not expect any looks here. */
  readonly failures: { error: unknown; where: string }[] = []
  /** Every end of a connection, in order. */
  readonly closes: (Close & { user: string })[] = []
  readonly #time: VirtualTime
  readonly #ends = new Map<VirtualLink, ServerEnd>()
  #cancelTick: Cancel = () => undefined
  #tickAt = 0
  #lastTickAt = 0
  #down = false
  #draining = false
  #stalledUntil = 0

  constructor(time: VirtualTime, { seed = 1, ...options }: VirtualServerOptions = {}) {
    this.#time = time
    const random = seededRandom(seed, 'server')
    const now = (): number => time.now
    let minted = 0
    const mint = (kind: string): string => `${kind}${seed}x${++minted}x${Math.floor(random() * 2 ** 32).toString(36)}`
    this.node = new Node(
      options,
      {
        now,
        wall: now,
        after: (ms, action) => void time.schedule(time.now + ms, () => this.#down || action()),
        soon: (action) => void time.schedule(time.now, () => this.#down || action()),
        random,
        memory: () => 0,
        mint: { id: () => mint('i'), secret: () => mint('s') },
        sameSecret: (a, b) => a === b,
        broker: options.store ?? memoryBroker({ now, random }),
        node: options.node ?? `node-${seed}`,
      },
      {
        connected: () => undefined,
        disconnected: (connection, close) => void this.closes.push({ ...close, user: connection.user }),
        failed: (error, where) => void this.failures.push({ error, where }),
      },
    )
    this.#tick()
  }

  /** Whether it takes connections. */
  get up(): boolean {
    return !this.#down
  }

  /** Takes the server side of a link; while the process stands still the link waits in its backlog. */
  accept(link: VirtualLink): void {
    if (this.#down || this.#draining) return link.close('server')
    if (this.#time.now < this.#stalledUntil)
      return void this.#time.schedule(this.#stalledUntil, () => this.accept(link))
    const end = new ServerEnd(link, this.node)
    this.#ends.set(link, end)
    link.connect('server', {
      text: (text) => this.#alive(() => end.read(text)),
      closed: (code = 1006, reason = '') => {
        this.#ends.delete(link)
        this.#alive(() => end.gone(code, reason))
      },
    })
    end.open()
    link.established()
  }

  /** The process is gone at once: nobody is told but by their links, and nothing that was in memory is left. */
  crash(): void {
    this.#down = true
    this.#cancelTick()
    for (const link of this.#ends.keys()) link.cut()
    this.#ends.clear()
  }

  /** Takes nobody any more, sends everybody away, and lets the broker finish: then the process may end. */
  async drain(): Promise<void> {
    this.#draining = true
    this.node.closeOver([...this.node.registry.all()], { code: CLOSE.shuttingDown.code }, 0)
    await this.node.broker.close()
  }

  /** The event loop stands still for so long: nothing is read, no timer fires; then everything at once, reading first. */
  stall(ms: number): void {
    this.#stalledUntil = this.#time.now + ms
    this.#cancelTick()
    for (const end of this.#ends.values()) end.stall()
    this.#time.schedule(this.#stalledUntil, () => {
      if (this.#down) return
      for (const end of this.#ends.values()) end.goOn()
      this.#tickAt = 0
      this.#scheduleTick(this.#time.now)
    })
  }

  /** Everything that followed from an event has happened: the next tick is due when the node wants it, on its grid. */
  rested(): void {
    const { tickMs } = this.node.settings
    if (this.#down || this.#time.now < this.#stalledUntil) return
    const wanted = Math.min(this.node.wakeAt, this.#lastTickAt + LONGEST_PAUSE_MS)
    const ticks = Math.max(1, Math.ceil((wanted - this.#lastTickAt) / tickMs))
    this.#scheduleTick(Math.max(this.#lastTickAt + ticks * tickMs, this.#time.now))
  }

  #alive(action: () => void): void {
    if (!this.#down) action()
  }

  #tick(): void {
    this.#lastTickAt = this.#time.now
    this.#tickAt = 0
    this.node.tick()
    this.rested()
  }

  #scheduleTick(at: number): void {
    if (at === this.#tickAt) return
    this.#cancelTick()
    this.#tickAt = at
    this.#cancelTick = this.#time.schedule(at, () => this.#tick())
  }
}

/** The server's end of a virtual link. */
class ServerEnd implements Link, Outbox {
  readonly transport = 'websocket'
  batches = false
  sentBytes = 0
  readonly #link: VirtualLink
  readonly #node: Node
  #connection: Connection | undefined
  #allowance = 0
  #stopped = false
  #paused = false
  #standing = false

  constructor(link: VirtualLink, node: Node) {
    this.#link = link
    this.#node = node
  }

  get outbox(): Outbox {
    return this
  }

  get bytes(): number {
    return this.#link.waitingChars('server')
  }

  open(): void {
    this.#connection = this.#node.accept(this, APPROACH)
  }

  read(text: string): void {
    if (this.#connection !== undefined && !this.#stopped) this.#node.received(this.#connection, text, utf8Length(text))
  }

  gone(code: number, reason: string): void {
    this.#stopped = true
    const by = code === 1006 ? 'network' : 'client'
    if (this.#connection !== undefined) this.#node.feed(this.#connection, { type: 'ended', code, reason, by })
  }

  send(frame: EncodedFrame): void {
    if (this.#stopped) return
    if (this.bytes === 0) this.#allowance = 0
    this.#link.send('server', frame.text)
    this.sentBytes += utf8Length(frame.text)
    if (this.bytes <= this.#node.settings.limits.outboxBytes + this.#allowance || this.#connection === undefined) return
    this.#stopped = true
    this.#node.overflowed(this.#connection)
  }

  sendRequested(frame: EncodedFrame): void {
    this.#allowance += frame.text.length
    this.send(frame)
  }

  whenDrained(then: () => void): void {
    this.#link.whenDrained('server', then)
  }

  pause(): void {
    this.#paused = true
    this.#link.pauseReading('server')
  }

  resume(): void {
    this.#paused = false
    if (!this.#standing) this.#link.resumeReading('server')
  }

  /** The process stands still. */
  stall(): void {
    this.#standing = true
    this.#link.pauseReading('server')
  }

  /** The process goes on. */
  goOn(): void {
    this.#standing = false
    if (!this.#paused) this.#link.resumeReading('server')
  }

  ping(): void {}

  close(code: number, reason: string): void {
    this.#stopped = true
    this.#link.close('server', code, reason)
  }
}
