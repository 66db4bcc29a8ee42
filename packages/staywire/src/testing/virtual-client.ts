// A client in virtual time: the real engine and the real public object in a world made of virtual links. It can freeze, as a
// suspended page or a sleeping laptop does.

import { Agenda } from '../client/agenda.ts'
import type { Client, ClientOptions, Transport } from '../client/api.ts'
import { LibraryClient } from '../client/client.ts'
import type { Hint } from '../client/connection/settings.ts'
import { Rivalry } from '../client/connection/rivalry.ts'
import { Upkeep } from '../client/connection/upkeep.ts'
import { attend } from '../client/tab/attend.ts'
import { Beside } from '../client/owner/beside.ts'
import { alone } from '../client/owner/alone.ts'
import type { Owner } from '../client/owner/owner.ts'
import { inspection, report, type PageReport } from '../client/inspection/report.ts'
import { TabEngine } from '../client/tab/tab-engine.ts'
import type { Effect } from '../client/env.ts'
import type { Link, LinkListener, Network, Spare, Timer, World } from '../client/world.ts'
import { utf8Length } from '../protocol/byte-length.ts'
import { seededRandom } from './seeded-random.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { Cancel, VirtualTime } from './virtual-time.ts'

/** What a virtual client is made with. */
export interface VirtualClientOptions extends ClientOptions {
  /** Makes the link of a dial; nothing where the server cannot be reached over this transport. */
  readonly dial: (transport: Transport) => VirtualLink | undefined
  /** Whether the server answers a probe. Default: probes are never answered. */
  readonly probe?: () => boolean | Promise<boolean>
  /** Loads what a connection needs once not all is well. Default: it is there. */
  readonly load?: () => Promise<Spare>
  /** What has stayed up on this network before. */
  readonly recalled?: Transport
  /** The seed of its randomness. Default 1. */
  readonly seed?: number
  /** Names of the browser and of its slot. Default: by the seed. */
  readonly browser?: string
  readonly slot?: string
  /** How long a transport takes to open, or to fail, where the link does not say by itself. Default 0; `undefined`: the link says. */
  readonly openMs?: number | undefined
}

/** The world of one client. */
export class VirtualClient implements World, Network {
  readonly client: Client
  readonly engine: TabEngine
  readonly owner: Owner
  /** The link dialled last, while it is in use. */
  link: VirtualLink | undefined
  /** How many links were dialled. */
  dials = 0
  /** What was found to stay up, in order. */
  readonly remembered: Transport[] = []
  /** What listeners threw. */
  readonly failures: unknown[] = []
  readonly random: () => number
  readonly bytes = utf8Length
  readonly clock = (): number => this.#time.now
  readonly out: Effect[] = []
  /** What a connection needs once not all is well. */
  readonly spareNow: Spare = {
    upkeep: (connection) => {
      attend(this.engine)
      return new Upkeep(connection)
    },
    beside(line) {
      return new Beside(line, this)
    },
    open: (transport, listener) => this.#open(transport, listener),
    remember: (transport) => this.remembered.push(transport),
    probe: async () => (await this.#options.probe?.()) ?? new Promise<boolean>(() => {}),
    listen: (hint) => {
      this.#hinted.add(hint)
      return () => void this.#hinted.delete(hint)
    },
  }
  readonly agenda = new Agenda()
  now = 0
  readonly #time: VirtualTime
  readonly #options: VirtualClientOptions
  readonly #hinted = new Set<(hint: Hint) => void>()
  #timers = 0
  #frozenUntil = 0

  constructor(time: VirtualTime, options: VirtualClientOptions) {
    const { seed = 1, browser = `browser-${seed}`, slot = `slot-${seed}` } = options
    this.#time = time
    this.#options = options
    this.random = seededRandom(seed, 'client', browser, slot)
    const hello = { origin: { browser, instance: `instance-${seed}` }, slot }
    const settings = {
      ...options,
      transports: options.transports ?? ['websocket'],
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      lingerMs: options.lingerMs ?? 250,
      term: time.now,
      hello,
      ...(slot === 'shared' && { rivalry: new Rivalry(hello) }),
    }
    this.engine = new TabEngine(this, settings)
    this.owner = alone(this.engine, this, settings)
    const mine = (): PageReport => report(this.tab, { tab: slot, page: `client-${seed}` }, true)
    this.client = new LibraryClient(
      this.engine,
      options,
      `client-${seed}-${time.now}`,
      () => Promise.resolve(inspection(mine(), [])),
      () => {},
    )
  }

  get tab(): TabEngine['tab'] {
    return this.engine.tab
  }

  /** Whether a timer is armed: a client at rest has none. */
  get armed(): boolean {
    return this.#timers > 0
  }

  /** Listeners for hints that were not taken off. */
  get listeners(): number {
    return this.#hinted.size
  }

  /** Lets the machines do something, now. */
  run(act: () => void): void {
    this.engine.run(act)
  }

  /** The page says something: it became visible, the network came back. */
  hint(hint: Hint): void {
    for (const tell of this.#hinted) tell(hint)
  }

  /** Nothing of this program runs for so long; then everything at once, the overdue timer first. */
  freeze(ms: number): void {
    const { link } = this
    this.#frozenUntil = this.#time.now + ms
    link?.pauseReading('client')
    this.#time.schedule(this.#frozenUntil, () => link?.resumeReading('client'))
  }

  get spare(): Network['spare'] {
    return this.#options.load ?? this.spareNow
  }

  open(listener: LinkListener): Link {
    return this.#open('websocket', listener)
  }

  #open(transport: Transport, { opened, text, ended }: LinkListener): Link {
    const link = this.#options.dial(transport)
    this.dials++
    this.link = link
    let abandoned = false
    let isOpen = false
    const open = (): void => {
      isOpen = true
      opened()
    }
    const tell = (act: () => void): void => this.#thawed(() => abandoned || act())
    const byItself = 'openMs' in this.#options && this.#options.openMs === undefined
    link?.connect('client', {
      ...(byItself && { opened: () => tell(open) }),
      text: (received) => tell(() => text(received)),
      closed: (code = 1006, reason = '') => tell(() => ended({ code, reason })),
    })
    if (link === undefined || !byItself)
      this.#after(this.#options.openMs ?? 0, () => tell(() => (link === undefined ? ended({ code: 1006 }) : open())))
    return {
      send: (sent) => {
        if (!isOpen) this.failures.push(new Error(`Sent over a link that is not open: ${sent}`)) // a WebSocket throws
        link?.send('client', sent)
      },
      abandon: () => {
        abandoned = true
        link?.close('client', 1000)
        if (this.link === link) this.link = undefined
      },
    }
  }

  timer(fire: (lateMs: number) => void): Timer {
    let cancel: Cancel | undefined
    let firesAt = Infinity
    const stop = (): void => {
      if (cancel === undefined) return
      cancel()
      cancel = undefined
      this.#timers--
    }
    const due = (): void => {
      if (this.#time.now < this.#frozenUntil) {
        cancel = this.#time.schedule(this.#frozenUntil, due)
        return
      }
      cancel = undefined
      this.#timers--
      fire(this.#time.now - firesAt)
    }
    const arm = (wakeAt: number): void => {
      if (cancel !== undefined && firesAt === wakeAt) return
      stop()
      firesAt = wakeAt
      if (wakeAt === Infinity) return
      this.#timers++
      cancel = this.#time.schedule(wakeAt, due)
    }
    return { arm, stop }
  }

  later(act: () => void): void {
    this.#after(0, () => {
      try {
        act()
      } catch (error) {
        this.failures.push(error)
      }
    })
  }

  #after(ms: number, act: () => void): void {
    this.#time.schedule(this.#time.now + ms, act)
  }

  /** Runs now, or after the freeze. */
  #thawed(act: () => void): void {
    if (this.#time.now >= this.#frozenUntil) act()
    else this.#time.schedule(this.#frozenUntil, act)
  }
}
