// A server that does only what a test says: it keeps what clients send and sends what it is told to. For tests of clients.

import type { Client, Status } from '../client/api.ts'
import type { ClientFrame, ConnectedFrame, ServerFrame } from '../protocol/frame.ts'
import { VirtualClient, type VirtualClientOptions } from './virtual-client.ts'
import { VirtualLink } from './virtual-link.ts'
import { VirtualTime } from './virtual-time.ts'

/** Whatever frame of a client, with its fields at hand. */
export type AnyClientFrame = { readonly type: ClientFrame['type'] } & { readonly [field: string]: unknown }

/** What `connected` says unless a test says otherwise. */
export const CONNECTED: ConnectedFrame = {
  type: 'connected',
  connection: 'c1',
  session: { id: 's1', secret: 'x1', ttlMs: 120_000 },
  user: 'ada',
  resumed: false,
  node: 'n1',
  serverTime: 0,
  heartbeat: { intervalMs: 25_000, timeoutMs: 8_000 },
  spreadMs: 1_000,
  limits: { frameBytes: 65_536, subscriptions: 128 },
  dedupe: { windowMs: 300_000, life: 'life-1' },
}

/** The other side of every link that a virtual client dials. Links have no latency. */
export class ScriptedServer {
  /** All frames received, over all links. */
  readonly received: AnyClientFrame[] = []
  /** Codes that clients closed links with. */
  readonly closed: (number | undefined)[] = []
  readonly links: VirtualLink[] = []
  /** Whether it can be reached. */
  reachable = true
  readonly #time: VirtualTime

  constructor(time: VirtualTime) {
    this.#time = time
  }

  /** For `new VirtualClient`. */
  readonly dial = (): VirtualLink | undefined => {
    if (!this.reachable) return undefined
    const link = new VirtualLink(this.#time, () => 0)
    link.connect('server', {
      text: (text) => void this.received.push(JSON.parse(text) as AnyClientFrame),
      closed: (code) => void this.closed.push(code),
    })
    this.links.push(link)
    return link
  }

  /** The link dialled last. */
  get link(): VirtualLink {
    const link = this.links.at(-1)
    if (link === undefined) throw new Error('Nobody has dialled.')
    return link
  }

  /** Takes what was received so far, and forgets it. */
  take(): AnyClientFrame[] {
    this.#time.advance(0)
    return this.received.splice(0)
  }

  /** Sends frames over the link dialled last, and lets them arrive. */
  say(...frames: readonly ServerFrame[]): void {
    for (const frame of frames) this.link.send('server', JSON.stringify(frame))
    this.#time.advance(0)
  }

  /** Accepts the connection: takes `connect` and the ping that follows `connected`; answers what came in the `connect`. */
  accept(more: Partial<ConnectedFrame> = {}): AnyClientFrame {
    const connect = this.take().find(({ type }) => type === 'connect')
    if (connect === undefined) throw new Error('No connect frame has come.')
    this.say({ ...CONNECTED, ...more })
    return connect
  }

  /** Closes with a code, preceded by its frame. */
  close(code: number, reason = 'because', more: { readonly retryAfterMs?: number; readonly term?: number } = {}): void {
    this.say({ type: 'disconnect', code, reason, ...more })
    this.link.close('server', code, reason)
    this.#time.advance(0)
  }

  /** The link dialled last breaks, and the client is told. */
  cut(): void {
    this.link.cut()
    this.#time.advance(0)
  }
}

/** A client and the scripted server that it dials. */
export interface Scripted {
  readonly time: VirtualTime
  readonly server: ScriptedServer
  readonly world: VirtualClient
  readonly client: Client
  /** Every status since the start, as `status` or `status: cause`. */
  readonly statuses: string[]
}

/** Sets up a client with a scripted server. It does not connect before something asks it to. */
export function scripted(options: Partial<VirtualClientOptions> = {}): Scripted {
  const time = new VirtualTime(1_000_000)
  const server = new ScriptedServer(time)
  const world = new VirtualClient(time, { dial: server.dial, ...options })
  const statuses: string[] = []
  world.client.on('status', (status: Status, cause) =>
    statuses.push(cause === undefined ? status : `${status}: ${cause.reason}`),
  )
  return { time, server, world, client: world.client, statuses }
}

/** The same, connected, with what `connected` says. The frames of that are taken. */
export function connected(options: Partial<VirtualClientOptions> = {}, frame: Partial<ConnectedFrame> = {}): Scripted {
  const all = scripted(options)
  void all.client.connect()
  all.server.accept(frame)
  all.server.take()
  return all
}
