// A world of one server and its clients in virtual time: a day of theirs takes as long as its events. Same seed, same run.

import type { Transport } from '../client/api.ts'
import type { ServerOptions } from '../server/options.ts'
import { seededRandom, type Random } from './seeded-random.ts'
import { VirtualClient, type VirtualClientOptions } from './virtual-client.ts'
import { VirtualLink } from './virtual-link.ts'
import { VirtualServer } from './virtual-server.ts'
import { VirtualTime } from './virtual-time.ts'

/** What a world is made with. */
export interface WorldOptions {
  /** Default 1. */
  readonly seed?: number
  /** Milliseconds of one transit: least and most, asked for each. Default 20 to 40. */
  readonly latencyMs?: Range | (() => Range)
  /** Options of the server; a function makes those of each of its lives, which begin with 1. */
  readonly server?: ServerOptions | ((life: number, time: VirtualTime) => ServerOptions)
}

/**
 * What the network does to a transport: nothing · dials fail · dials get no answer · they open, and nothing passes · a number: they
 * are cut so many milliseconds after.
 */
export type Path = 'works' | 'refuses' | 'hangs' | 'opens' | number

type Range = readonly [least: number, most: number]

/** Microtasks that follow one event in turn, at most: then time goes on. */
const TURNS = 24
const TURN = Promise.resolve()

/** The world. */
export class World {
  readonly time = new VirtualTime()
  readonly seed: number
  readonly clients: VirtualClient[] = []
  server: VirtualServer
  /** What the network does to dials from now on. What is not named works. */
  readonly paths: Partial<Record<Transport, Path>> = {}
  readonly #options: WorldOptions
  readonly #random: Random
  #lives = 0
  #reachable = true

  constructor(options: WorldOptions = {}) {
    this.seed = options.seed ?? 1
    this.#options = options
    this.#random = seededRandom(this.seed, 'latency')
    this.server = this.#start()
  }

  /** A client; it connects when it is first needed, as every client does. */
  client(options: Omit<VirtualClientOptions, 'dial' | 'openMs'> = {}): VirtualClient {
    const seed = this.seed * 1_000 + this.clients.length
    const client = new VirtualClient(this.time, {
      seed,
      // Who has one transport goes nowhere, whatever is answered.
      ...(options.transports && { probe: () => this.server.up && this.#reachable }),
      ...options,
      dial: (transport) => this.dial(transport),
      openMs: undefined,
    })
    this.clients.push(client)
    return client
  }

  /** Lets time pass, with everything that happens in it. */
  async run(ms: number): Promise<void> {
    const end = this.time.now + ms
    await this.#rest()
    while (this.time.nextAt <= end) {
      this.time.step()
      await this.#rest()
    }
    this.time.advance(end - this.time.now)
  }

  /** Lets time pass until something holds; answers whether it did within `limitMs`. */
  async until(holds: () => boolean, limitMs: number): Promise<boolean> {
    const end = this.time.now + limitMs
    await this.#rest()
    while (!holds() && this.time.nextAt <= end) {
      this.time.step()
      await this.#rest()
    }
    return holds()
  }

  /** Whether dials reach the server; while not, they hang as on a dead network. */
  reachable(reachable: boolean): void {
    this.#reachable = reachable
  }

  /** The server's process dies and, after `downMs`, another one starts. */
  restart(downMs: number): void {
    this.server.crash()
    this.time.schedule(this.time.now + downMs, () => {
      this.server = this.#start()
    })
  }

  #start(): VirtualServer {
    const { server = {} } = this.#options
    const life = ++this.#lives
    const options = typeof server === 'function' ? server(life, this.time) : server
    return new VirtualServer(this.time, { ...options, seed: this.seed * 1_000 + life })
  }

  /** Dials the server; nothing where no process listens. */
  dial(transport: Transport): VirtualLink | undefined {
    const { server } = this
    const path = this.paths[transport] ?? 'works'
    if (!server.up || path === 'refuses') return undefined
    const link = new VirtualLink(this.time, () => this.#latencyMs())
    if (!this.#reachable || path === 'hangs') return link
    if (path === 'opens') link.established()
    else this.time.schedule(this.time.now + this.#latencyMs(), () => server.accept(link))
    if (typeof path === 'number') this.time.schedule(this.time.now + path, () => link.cut())
    return link
  }

  #latencyMs(): number {
    const { latencyMs = [20, 40] } = this.#options
    const [least, most] = typeof latencyMs === 'function' ? latencyMs() : latencyMs
    return least + Math.floor(this.#random() * (most - least + 1))
  }

  async #rest(): Promise<void> {
    for (let turn = 0; turn < TURNS; turn++) await TURN
    this.server.rested()
  }
}
