// Does what a plan says, at the moment it says so, and undoes what lasts only for a while.

import type { Deed } from '../plan.ts'
import type { InterruptedWrite } from '../store/sim-disk.ts'
import { channelOf, type Actor } from './actor.ts'
import type { Stage } from './stage.ts'

/** Transits are slower by so much while the network is. */
const SLOW = 15
const SLOW_FLUSH_MS = 6_000

/** Does deeds on a stage. */
export class Deeds {
  readonly #stage: Stage
  /** A crash that waits until something is being written. */
  #crashing: { readonly forMs: number; readonly write: InterruptedWrite } | undefined

  /** What waits for its moment, and answers whether it has come. */
  readonly #waiting = new Set<() => boolean>()

  constructor(stage: Stage) {
    this.#stage = stage
  }

  /** To be called after everything that happens: whoever waits for the right moment looks. */
  look(): void {
    const { world, broker } = this.#stage
    for (const happens of this.#waiting) if (happens()) this.#waiting.delete(happens)
    if (this.#crashing === undefined || !world.server.up || broker.usage.waiting === 0) return
    const { forMs, write } = this.#crashing
    this.#crashing = undefined
    this.#crash(forMs, write)
  }

  /** From here on nothing fails any more. */
  heal(): void {
    const { world, disk, plan, actors } = this.#stage
    this.#crashing = undefined
    this.#waiting.clear()
    this.#stage.slowness = 1
    world.reachable(true)
    disk.flushMs = Math.min(plan.flushMs, 60)
    disk.failsUntil = 0
    for (const { troubled } of actors) {
      for (const link of troubled) {
        link.restore()
        link.resumeReading('client')
      }
    }
  }

  do(deed: Deed): void {
    const { journal, actors } = this.#stage
    journal.note(JSON.stringify(deed))
    const actor = 'client' in deed ? actors[deed.client] : undefined
    if (actor !== undefined) this.#doToClient(actor, deed)
    else this.#doToServer(deed)
  }

  #doToClient(actor: Actor, deed: Deed): void {
    const { virtual } = actor
    switch (deed.do) {
      case 'publish':
        for (let index = 0; index < deed.count; index++) {
          if (deed.everyMs === 0) actor.publish(deed.channel)
          else this.#after(index * deed.everyMs, () => actor.publish(deed.channel))
        }
        return
      case 'publish-again':
        return actor.publishAgain()
      case 'read':
        return actor.read(deed.channel)
      case 'leave':
        return actor.leave(deed.channel)
      case 'disconnect':
        virtual.client.disconnect()
        return this.#after(deed.forMs, () => void virtual.client.connect().catch(() => undefined))
      case 'freeze':
        actor.link()
        return virtual.freeze(deed.forMs)
      case 'deafen': {
        const link = actor.link()
        link?.pauseReading('client')
        return this.#after(deed.forMs, () => link?.resumeReading('client'))
      }
      case 'late-dial':
        return this.#dialLate(actor, deed.forMs)
      case 'cut':
        return actor.link()?.cut()
      case 'stall': {
        const link = actor.link()
        link?.stall(deed.from)
        return this.#after(deed.forMs, () => link?.restore())
      }
      default:
        throw new TypeError(`${deed.do} is not done to a client.`)
    }
  }

  /** What a dial sends first arrives late: after the client has given it up and has another connection. */
  #dialLate({ virtual, troubled }: Actor, forMs: number): void {
    const { client } = virtual
    const redial = (): void => {
      client.disconnect()
      void client.connect().catch(() => undefined)
    }
    redial()
    this.#waiting.add(() => {
      const { link } = virtual
      if (link === undefined) return false
      troubled.add(link)
      link.stall('client')
      this.#after(100, redial)
      this.#after(forMs, () => link.restore())
      return true
    })
  }

  #doToServer(deed: Deed): void {
    const { world, disk, plan, broker } = this.#stage
    switch (deed.do) {
      case 'host-publish':
        return this.#hostPublishes(deed.channel, deed.count)
      case 'blackout':
        world.reachable(false)
        return this.#after(deed.forMs, () => world.reachable(true))
      case 'slow-net':
        this.#stage.slowness = SLOW
        return this.#after(deed.forMs, () => (this.#stage.slowness = 1))
      case 'slow-disk':
        disk.flushMs = SLOW_FLUSH_MS
        return this.#after(deed.forMs, () => (disk.flushMs = plan.flushMs))
      case 'full-disk':
        disk.failsUntil = world.time.now + deed.forMs
        return
      case 'pause':
        return world.server.up ? world.server.stall(deed.forMs) : undefined
      case 'crash':
        if (deed.writing && broker.usage.waiting === 0) this.#crashing = deed
        else this.#crash(deed.forMs, deed.write)
        return
      case 'roll-back':
        this.#crash(deed.forMs, 'lost')
        return disk.rollBack(deed.batches)
      case 'damage':
        disk.damaged.add(channelOf(deed.channel))
        return
      case 'drain':
        return this.#drain(deed.forMs, deed.burst)
      case 'close-all':
        return world.server.up
          ? world.server.node.closeOver([...world.server.node.registry.matching({})], { code: 4107 }, 0)
          : undefined
      default:
        throw new TypeError(`${deed.do} is not done to a server.`)
    }
  }

  #hostPublishes(index: number, count: number): void {
    const { world, publishes } = this.#stage
    const channel = channelOf(index)
    if (!world.server.up) return
    const { publisher } = world.server.node
    for (let left = count; left > 0; left--)
      publishes.follow('host', channel, (id) => publisher.publish(channel, id, { key: id }))
  }

  #crash(forMs: number, write: InterruptedWrite): void {
    const { world, broker, publishes } = this.#stage
    if (!world.server.up) return
    broker.crash(write)
    publishes.forsakeHosts()
    world.restart(forMs)
  }

  #drain(forMs: number, burst: number): void {
    const { world, journal, broker } = this.#stage
    const { server } = world
    if (!server.up) return
    this.#hostPublishes(0, burst)
    void server.drain().then(() => {
      if (world.server !== server || !server.up) return
      journal.note('drained')
      broker.crash('lost')
      world.restart(forMs)
    })
  }

  #after(ms: number, action: () => void): void {
    const { time } = this.#stage.world
    time.schedule(time.now + ms, action)
  }
}
