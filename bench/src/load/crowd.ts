/** Many load connections opened, driven and counted together. Every miscount is an error, never a warning. */

import { bodyOf } from '../wire/body.ts'
import type { Member, MemberOptions } from './member.ts'
import { Tally } from './tally.ts'

/** What to open. */
export interface OpenOptions {
  readonly port: number
  readonly count: number
  /** `one`: all in `c0`; `own`: connection n in `c<n>`. */
  readonly channel: 'one' | 'own'
  /** Further channels of each connection, out of 100 that all share. */
  readonly further: number
  /** Connections being opened at the same time. */
  readonly inFlight: number
  readonly secret: string
}

/** What every connection must have counted by now. */
export interface Expected {
  readonly deliveries: number
  readonly answers: number
}

export class Crowd {
  readonly #join: (options: MemberOptions) => Member
  readonly #tally = new Tally()
  #connections: Member[] = []
  #lost: string | undefined

  /** `join` opens one member. */
  constructor(join: (options: MemberOptions) => Member) {
    this.#join = join
  }

  /** Opens connections beside those that are open; resolves when all have joined, rejects with the first failure. */
  open({ port, count, channel, further, inFlight, secret }: OpenOptions): Promise<void> {
    const first = this.#connections.length
    let opened = 0
    let joined = 0
    return new Promise((resolve, reject) => {
      const openNext = (): void => {
        const index = first + opened
        opened += 1
        const connection = this.#join({
          port,
          role: { index, channels: channelsOf(index, channel, further), secret },
          tally: this.#tally,
          ready: () => {
            joined += 1
            if (joined === count) resolve()
            else if (opened < count) openNext()
          },
          failed: (why) => {
            this.#fail(why)
            reject(new Error(why))
          },
        })
        this.#connections.push(connection)
      }
      for (let started = 0; started < Math.min(inFlight, count); started += 1) openNext()
    })
  }

  #fail(why: string): void {
    this.#lost ??= why
    this.#tally.fail(why)
  }

  /** Checks sequence numbers of deliveries from now on, or stops doing so. */
  inspect(on: boolean): void {
    this.#tally.inspecting = on
  }

  /** Repeats: lets the server make one step, waits until all connections have all of it. */
  async pace(step: () => void, steps: number, deliveriesPerConnection: number): Promise<void> {
    for (let done = 0; done < steps; done += 1) {
      this.#check()
      const all = this.#tally.more(deliveriesPerConnection * this.#connections.length, 0)
      step()
      await all
    }
  }

  /** Repeats: every connection publishes into its neighbour's channel; waits for all deliveries and, where asked for, answers. */
  async relay(steps: number, acknowledged: boolean): Promise<void> {
    const count = this.#connections.length
    for (let done = 0; done < steps; done += 1) {
      this.#check()
      const all = this.#tally.more(count, acknowledged ? count : 0)
      for (const connection of this.#connections) {
        connection.publish(`c${(connection.role.index + 1) % count}`, bodyOf(connection.deliveries), acknowledged)
      }
      await all
    }
  }

  /** Every connection has one echo under way at a time, `times` in all. */
  async echo(times: number): Promise<void> {
    this.#check()
    const body = bodyOf(0)
    const target = (this.#connections[0]?.answers ?? 0) + times
    this.#tally.answered = (connection) => {
      if (connection.answers < target) connection.echo(body)
    }
    const all = this.#tally.more(0, times * this.#connections.length, 120_000)
    for (const connection of this.#connections) connection.echo(body)
    await all
    this.#tally.answered = undefined
  }

  /** Throws unless every single connection is alive and has counted exactly this much. */
  verify({ deliveries, answers }: Expected): void {
    this.#check()
    const wrong = this.#connections.filter(
      (connection) => connection.deliveries !== deliveries || connection.answers !== answers,
    )
    const [one] = wrong
    if (one === undefined) return
    throw new Error(
      `${wrong.length} of ${this.#connections.length} connections miscounted: connection ${one.role.index} has ` +
        `${one.deliveries} deliveries (due ${deliveries}) and ${one.answers} answers (due ${answers})`,
    )
  }

  #check(): void {
    if (this.#lost !== undefined) throw new Error(this.#lost)
  }

  /** Resets all connections. */
  leave(): void {
    this.#check()
    for (const connection of this.#connections) connection.leave()
    this.#connections = []
  }
}

function channelsOf(index: number, channel: OpenOptions['channel'], further: number): readonly string[] {
  const shared = Array.from({ length: further }, (_, nth) => `shared${(index + nth) % 100}`)
  return [channel === 'one' ? 'c0' : `c${index}`, ...shared]
}
