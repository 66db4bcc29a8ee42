// Sets a run up: the world, the disk, a broker for each life of the server, and the clients, all from their plan.

import { Journal } from '../check/journal.ts'
import { Publishes } from '../check/publishes.ts'
import type { Truth } from '../check/reader.ts'
import type { Plan } from '../plan.ts'
import {
  seededRandom,
  World,
  type Append,
  type Appended,
  type ServerEvent,
  type ServerOptions,
  type VirtualTime,
} from '../product.ts'
import { simBroker, type SimBroker } from '../store/sim-broker.ts'
import { SimDisk } from '../store/sim-disk.ts'
import { Actor } from './actor.ts'

const OPEN = { subscribe: true, publish: true }
/** How long keys are remembered. */
export const WINDOW_MS = 300_000

/** Everything of one run. */
export class Stage implements Truth {
  readonly plan: Plan
  readonly disk: SimDisk
  readonly journal: Journal
  readonly publishes: Publishes
  readonly actors: readonly Actor[]
  readonly world: World
  /** Transits take this many times longer. */
  slowness = 1
  #broker: SimBroker | undefined
  #lives = 0

  constructor(plan: Plan, keepsLines: boolean) {
    this.plan = plan
    this.disk = new SimDisk(plan.flushMs)
    const {
      latencyMs: [least, most],
      seed,
    } = plan
    const world: World = new World({
      seed,
      latencyMs: () => [least * this.slowness, most * this.slowness],
      server: (life, time) => this.#serverOptions(life, time),
    })
    this.world = world
    this.journal = new Journal(() => world.time.now, keepsLines)
    this.publishes = new Publishes(this.journal, this.disk)
    this.actors = plan.clients.map((one, index) => new Actor(this, one, index))
  }

  /** The broker of the server's present life. */
  get broker(): SimBroker {
    if (this.#broker === undefined) throw new Error('There is no broker yet.')
    return this.#broker
  }

  at(channel: string, epoch: string, offset: number): string | undefined {
    return this.publishes.at(channel, epoch, offset)
  }

  isLater(channel: string, offset: number, id: string): boolean {
    const epoch = this.disk.renewed.get(channel) ?? ''
    return this.publishes.at(channel, epoch, offset) === id
  }

  mayBreak(channel: string): boolean {
    return channel.startsWith('memory') ? this.#lives > 1 : this.disk.repairs.rotated > 0
  }

  mayRepeat(id: string): boolean {
    if (this.#lives > 1 && this.disk.missedNote) return true
    return (this.#lives > 1 || this.disk.repairs.rotated > 0) && this.publishes.isRepeated(id)
  }

  #serverOptions(life: number, time: VirtualTime): ServerOptions {
    const { history, outboxBytes, seed } = this.plan
    this.#lives = life
    this.#broker = simBroker({
      time,
      disk: this.disk,
      random: seededRandom(seed, 'broker', life),
      dedupeWindowMs: WINDOW_MS,
      keptInMemory: (entry, appended) => this.#keptInMemory(entry, appended),
    })
    return {
      store: this.#broker,
      authenticate: ({ token = '' }) => {
        const [user = '', expiresAt] = token.split('/')
        return Number(expiresAt) > time.now ? { user, expiresAt: Number(expiresAt) } : null
      },
      channels: {
        'disk:*': { ...OPEN, history, durability: 'disk' },
        'memory:*': { ...OPEN, history, durability: 'memory', presence: true },
      },
      limits: { outboxBytes },
      observer: { report: (event) => this.#observe(event) },
    }
  }

  #keptInMemory({ channel, data }: Append, appended: Appended): void {
    if (!appended.stored || appended.duplicate) return
    const { epoch, offset } = appended.position ?? { epoch: '', offset: 0 }
    this.publishes.storedInMemory(`${channel} ${epoch} ${offset}`, JSON.parse(data) as string)
  }

  #observe(event: ServerEvent): void {
    if (event.type !== 'closed') return
    const { code, by, connection } = event
    this.journal.note(`connection ${connection} is closed with ${code} by the ${by}`)
    if (by === 'server' && code === 4103) this.journal.count('slow consumer')
    if (by === 'server' && code === 4501) this.journal.count('resume fenced')
  }
}
