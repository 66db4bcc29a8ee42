// One client of a run and the application around it: subscribes, publishes, and has everything it is shown checked.

import { Reader } from '../check/reader.ts'
import type { Publish } from '../check/publishes.ts'
import { CHANNELS, type ClientPlan } from '../plan.ts'
import type { VirtualClient, VirtualLink } from '../product.ts'
import type { Stage } from './stage.ts'

/** Statuses in which nothing will happen by itself. */
const AT_REST: readonly string[] = ['stopped', 'disconnected']

/** A client and its application. */
export class Actor {
  readonly name: string
  readonly twin: boolean
  readonly virtual: VirtualClient
  readonly readers = new Map<string, Reader>()
  /** Links that something was done to: they are set right in the end. */
  readonly troubled = new Set<VirtualLink>()
  readonly #stage: Stage
  #last: Publish | undefined

  constructor(stage: Stage, { user, twin, reads }: ClientPlan, index: number) {
    const { world, plan, journal } = stage
    this.#stage = stage
    this.name = `client-${index}`
    this.twin = twin
    const name = twin ? 0 : index
    const of = twin ? (plan.clients[0]?.user ?? user) : user
    this.virtual = world.client({
      getToken: () => `user-${of}/${world.time.now + plan.tokenMs}`,
      browser: `browser-${name}`,
      slot: 'shared',
    })
    this.virtual.client.on('status', (status, cause) =>
      journal.note(
        `${this.name} is ${status}${cause === undefined ? '' : `, ${cause.code ?? cause.class}: ${cause.reason}`}`,
      ),
    )
    for (const channel of reads) this.read(channel)
    void this.virtual.client.connect().catch(() => undefined)
  }

  get client(): VirtualClient['client'] {
    return this.virtual.client
  }

  /** Whether nobody but the application can make it go on. */
  get atRest(): boolean {
    return AT_REST.includes(this.client.status)
  }

  /** Nothing is left to be done: connected, everything answered, every reader at the end of its channel. */
  get settled(): boolean {
    const { status } = this.client
    if (status === 'closed') return true
    return (
      status === 'connected' &&
      this.virtual.tab.outbox.count === 0 &&
      [...this.readers.values()].every(({ subscription }) => subscription.state === 'live')
    )
  }

  read(index: number): void {
    const channel = channelOf(index)
    if (this.readers.has(channel) || this.client.status === 'closed') return
    const { journal } = this.#stage
    const subscription = this.client.subscribe(channel)
    this.readers.set(channel, new Reader(this.name, subscription, journal, this.#stage))
  }

  leave(index: number): void {
    const channel = channelOf(index)
    this.readers.get(channel)?.end()
    this.readers.delete(channel)
  }

  publish(index: number): void {
    if (this.client.status === 'closed') return
    const channel = channelOf(index)
    this.#last = this.#stage.publishes.follow(this.name, channel, (id) => this.client.publish(channel, id, { key: id }))
  }

  publishAgain(): void {
    const last = this.#last
    if (last === undefined || this.client.status === 'closed') return
    this.#stage.publishes.repeat(last, (id) => this.client.publish(last.channel, id, { key: id }))
  }

  /** The application ends it. */
  close(): void {
    for (const reader of this.readers.values()) reader.end()
    this.readers.clear()
    this.client.close()
  }

  /** The link in use, noted as troubled. */
  link(): VirtualLink | undefined {
    const { link } = this.virtual
    if (link !== undefined) this.troubled.add(link)
    return link
  }
}

/** The name of a channel of a plan. */
export function channelOf(index: number): string {
  return CHANNELS[index] ?? CHANNELS[0]
}
