// The world of the machines in one page or worker of a virtual browser: its timers, and links that break with it.

import { Agenda } from '../client/agenda.ts'
import { Beside } from '../client/owner/beside.ts'
import { Upkeep } from '../client/connection/upkeep.ts'
import type { Link, LinkListener, Network, Spare, Timer, World as ClientWorld } from '../client/world.ts'
import { utf8Length } from '../protocol/byte-length.ts'
import { seededRandom } from './seeded-random.ts'
import type { VirtualPage } from './virtual-browser.ts'
import type { VirtualLink } from './virtual-link.ts'
import type { VirtualTime } from './virtual-time.ts'

/** Worlds of one page. */
export class VirtualPageWorld {
  /** Live links. */
  readonly links = new Set<VirtualLink>()
  /** What listeners threw. */
  readonly failures: unknown[] = []
  readonly #page: VirtualPage
  readonly #time: VirtualTime
  readonly #dial: () => VirtualLink | undefined

  constructor(page: VirtualPage, time: VirtualTime, dial: () => VirtualLink | undefined) {
    this.#page = page
    this.#time = time
    this.#dial = dial
  }

  /** The world of one engine. */
  of(seed: number): ClientWorld & Network {
    const time = this.#time
    return {
      now: time.now,
      out: [],
      agenda: new Agenda(),
      clock: () => time.now,
      random: seededRandom(seed, 'tab'),
      bytes: utf8Length,
      open: (listener) => this.#open(listener),
      timer: (fire) => this.#timer(fire),
      spare: {
        upkeep: (connection) => new Upkeep(connection),
        beside(line) {
          return new Beside(line, this as Spare)
        },
        open: () => undefined,
        remember: () => {},
        probe: () => new Promise(() => {}),
        listen: () => () => {},
      },
      later: (act) =>
        this.#page.soon(() => {
          try {
            act()
          } catch (error) {
            this.failures.push(error)
          }
        }, 0),
    }
  }

  /** All links break. */
  cut(): void {
    for (const link of this.links) link.cut()
  }

  #timer(fire: (lateMs: number) => void): Timer {
    let dueAt = Infinity
    const timer = this.#page.timer(() => fire(this.#time.now - dueAt))
    const arm = (at: number): void => {
      dueAt = at
      timer.arm(at)
    }
    return { arm, stop: () => arm(Infinity) }
  }

  #open({ opened, text, ended }: LinkListener): Link {
    const link = this.#dial()
    const page = this.#page
    let abandoned = false
    const tell = (act: () => void): void => page.when(() => abandoned || act())
    if (!link) page.soon(() => abandoned || ended({ code: 1006 }))
    else {
      this.links.add(link)
      link.connect('client', {
        opened: () => tell(opened),
        text: (received) => tell(() => text(received)),
        closed: (code = 1006, reason = '') => tell(() => ended({ code, reason })),
      })
    }
    return {
      send: (sent) => link?.send('client', sent),
      abandon: () => {
        abandoned = true
        link?.close('client', 1000)
        if (link) this.links.delete(link)
      },
    }
  }
}
