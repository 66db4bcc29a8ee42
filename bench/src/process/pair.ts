/** One server process and one load process on one CPU, for one attempt at one scenario. Holds no figures. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Expected, OpenOptions } from '../load/crowd.ts'
import type { Memory, Setup } from '../servers/bench-server.ts'
import type { Program, ServerChoice, Wire } from '../server-list.ts'
import { Child } from './child.ts'

const SECRET = 'not-a-secret-but-thirty-two-bytes!'

/** What an attempt asks of its pair besides the server. */
export interface PairOptions {
  readonly server: ServerChoice
  /** Which of its programs. */
  readonly wire: Wire
  readonly cpu: number | undefined
  readonly setup: Omit<Setup, 'secret'>
  /** True starts the server so that memory can be read after garbage collection. */
  readonly memory: boolean
  /** Where the CPU profile of the measured window goes; undefined takes none. */
  readonly profile: string | undefined
}

export class Pair {
  readonly #server: Child
  readonly #load: Child
  readonly #options: PairOptions
  readonly #program: Program
  #port = 0

  private constructor(options: PairOptions) {
    this.#options = options
    const { server: choice, cpu } = options
    const program = choice[options.wire]
    if (program === undefined) throw new Error(`${choice.name} does not speak ${options.wire}`)
    this.#program = program
    // V8's young generation would look like kilobytes per connection: it is kept small where memory is what is measured.
    const flags = options.memory ? ['--expose-gc', '--max-semi-space-size=1'] : []
    this.#server = new Child({ name: choice.name, file: program.file, cpu, flags, runtime: choice.runtime })
    this.#load = new Child({ name: 'load', file: 'load/main.ts', cpu })
  }

  /** Starts both processes; the server listens when this resolves. */
  static async start(options: PairOptions): Promise<Pair> {
    return new Pair(options).#begin()
  }

  async #begin(): Promise<this> {
    try {
      const setup: Setup = { ...this.#options.setup, secret: SECRET }
      const { port, pace } = await this.#server.ask<{ port: number; pace: number }>('start', setup)
      this.#port = port
      await this.#load.ask('start', { dialect: this.#program.dialect, pacePort: pace })
      return this
    } catch (error) {
      await this.stop()
      throw error
    }
  }

  /** Opens connections and checks that the server counts as many as the load. */
  async open(count: number, channel: OpenOptions['channel'], { inFlight = 64, further = 0 } = {}): Promise<void> {
    const before = await this.#connections()
    const options: OpenOptions = { port: this.#port, count, channel, further, inFlight, secret: SECRET }
    await this.#load.ask('open', options)
    const after = await this.#connections()
    if (after - before !== count)
      throw new Error(`the load opened ${count} connections, the server counts ${after - before}`)
  }

  /** Closes all connections and waits until the server has noticed. */
  async leave(): Promise<void> {
    await this.#load.ask('leave')
    for (let waited = 0; (await this.#connections()) > 0; waited += 1) {
      if (waited === 100) throw new Error('the server still counts connections 5 s after all have left')
      await sleep(50)
    }
  }

  #connections(): Promise<number> {
    return this.#server.ask<number>('connections')
  }

  /** Lets the server make one step, whoever gets it. */
  step(): Promise<void> {
    return this.#server.ask('step')
  }

  /** Lets the server make steps, one when the last has arrived everywhere. */
  pace(steps: number, deliveries: number): Promise<void> {
    return this.#load.ask('pace', { steps, deliveries })
  }

  /** Lets every connection publish into its neighbour's channel. */
  relay(steps: number, acknowledged: boolean): Promise<void> {
    return this.#load.ask('relay', { steps, acknowledged })
  }

  /** Lets every connection echo, one at a time. */
  echo(times: number): Promise<void> {
    return this.#load.ask('echo', { times })
  }

  /** The same work with every body's sequence number checked: around the measured window, not in it. */
  async inspected(work: () => Promise<void>): Promise<void> {
    await this.#load.ask('inspect', { on: true })
    await work()
    await this.#load.ask('inspect', { on: false })
  }

  /** Rejects unless every connection has counted exactly this. */
  verify(expected: Expected): Promise<void> {
    return this.#load.ask('verify', expected)
  }

  /** CPU time of the server process (user and system, all threads) while `work` goes on, in µs. */
  async cpuOf(work: () => Promise<void>): Promise<number> {
    const { profile } = this.#options
    if (profile !== undefined) await this.#server.ask('profile')
    const before = await this.#server.ask<number>('cpu')
    await work()
    const spent = (await this.#server.ask<number>('cpu')) - before
    if (profile !== undefined) await this.#server.ask('profile', { file: profile })
    return spent
  }

  /** Lets the server tell whoever observes it what happens, or nobody. */
  observe(on: boolean): Promise<void> {
    return this.#server.ask('observe', { on })
  }

  /** CPU time that observing has taken so far by its own clock, whatever happened, in µs. */
  standing(): Promise<number> {
    return this.#server.ask('standing')
  }

  /** Memory of the server process after garbage collection. */
  memory(): Promise<Memory> {
    return this.#server.ask('memory')
  }

  /** Ends both processes. */
  async stop(): Promise<void> {
    await Promise.all([this.#server.stop(), this.#load.stop()])
  }
}
