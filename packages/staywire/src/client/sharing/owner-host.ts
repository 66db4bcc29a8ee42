// Whoever houses owners, a worker or a leading tab: one for each server path and identity, made when its first tab comes and
// gone with its last. Knows tabs by the ways they speak on.

import { Engine } from '../engine.ts'
import { Line } from '../owner/line.ts'
import type { Network, World } from '../world.ts'
import { Backlog } from './backlog.ts'
import { PORT_VERSION, toOwner, type Attach, type OwnerSettings, type ToTab } from './message.ts'
import { SharedOwner, type AttachedTab } from './shared-owner.ts'

/** A way to a tab, from where the owner is. */
export interface TabWay {
  /** Returns at once, and calls nobody back before it has. */
  post(message: ToTab): void
}

/** What a host stands on. */
export interface HostWorld {
  /** The name of this life. */
  readonly owner: string
  /** The world of one owner. Nothing is listened for: tabs tell what their pages say. */
  world(settings: OwnerSettings): World & Network
  /** Calls `act` once nobody holds the lock any more. */
  released(lock: string, act: () => void): void
}

/** An owner in its place. */
interface Place {
  readonly shared: SharedOwner
  readonly engine: Engine
  readonly line: Line
}

/** A tab in its place. */
interface Seat extends Pick<Place, 'shared' | 'engine'> {
  readonly key: string
  readonly tab: AttachedTab
}

/** Houses owners. */
export class OwnerHost {
  readonly #host: HostWorld
  readonly #owners = new Map<string, Place>()
  readonly #seats = new Map<TabWay, Seat>()

  constructor(host: HostWorld) {
    this.#host = host
  }

  /** Whose owners are here. */
  get keys(): readonly string[] {
    return [...this.#owners.keys()]
  }

  /** Something was said on a way. PROTOCOL.md, PORT-2 to PORT-4. */
  received(way: TabWay, message: unknown): void {
    const heard = toOwner(message)
    const seat = this.#seats.get(way)
    if (!heard) return
    seat?.tab.backlog.heard()
    if (heard[0] === 'attach' && heard[1].version === PORT_VERSION) this.#attach(way, heard[1])
    else if (heard[0] === 'detach') this.#detach(seat, way, heard[1])
    else if (!seat || heard[0] === 'ask' || heard[0] === 'attach') this.#hello(way, seat)
    else if (heard[0] === 'checked') return
    else seat.engine.run(() => seat.shared.heard(seat.tab, heard))
  }

  /** Says who is here to somebody who may not know it. */
  announce(way: TabWay): void {
    this.#hello(way, undefined)
  }

  /** The place is another's now: every connection is dropped at once, and nobody is told anything any more. */
  stop(): void {
    for (const { engine, line } of this.#owners.values()) {
      engine.stop()
      line.abandon()
    }
    this.#owners.clear()
    this.#seats.clear()
  }

  #attach(way: TabWay, attach: Attach): void {
    const { key, lock, visible, tokens } = attach
    const before = this.#seats.get(way)
    const { shared, engine } = this.#owners.get(key) ?? this.#make(attach)
    const seat: Seat = {
      key,
      shared,
      engine,
      tab: {
        lock,
        visible,
        tokens,
        activeAt: 0,
        backlog: new Backlog(),
        post: (said) => way.post(said),
        drop: () => engine.world.later(() => this.#detach(seat, way)),
      },
    }
    this.#seats.set(way, seat)
    this.#hello(way, seat)
    engine.run(() => shared.attach(seat.tab))
    if (before) this.#leave(before, false)
    this.#host.released(lock, () => this.#detach(seat, way))
  }

  #make(attach: Attach): Place {
    const world = this.#host.world(attach.settings)
    const engine = new Engine(world)
    const shared = new SharedOwner(world, attach)
    const line = new Line(engine, world, shared.owner)
    engine.doers.unshift(line)
    const made = { shared, engine, line }
    this.#owners.set(attach.key, made)
    return made
  }

  #detach(seat: Seat | undefined, way: TabWay, end = false): void {
    if (!seat || this.#seats.get(way) !== seat) return
    this.#seats.delete(way)
    this.#leave(seat, end)
  }

  #leave({ key, tab, shared, engine }: Seat, end: boolean): void {
    engine.run(() => shared.detach(tab, end))
    if (shared.size) return
    engine.stop()
    this.#owners.delete(key)
  }

  #hello(way: TabWay, seat: Seat | undefined): void {
    way.post(['hello', { version: PORT_VERSION, owner: this.#host.owner, lock: seat?.tab.lock }])
  }
}
