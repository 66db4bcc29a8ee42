// What a tab does while it leads: houses the owners, for itself and for all other tabs. Ends with the leadership, at once.

import type { LeaderEnvelope, TabEnvelope } from './envelope.ts'
import type { Locks } from './locks.ts'
import type { ToTab } from './message.ts'
import { OwnerHost, type HostWorld, type TabWay } from './owner-host.ts'

/** What a leadership stands on. */
export interface LeadershipWorld {
  readonly world: HostWorld['world']
  readonly locks: Locks
  /** To all other tabs. */
  readonly post: (envelope: LeaderEnvelope) => void
  /** The tab that leads, which hears nothing of what it broadcasts. */
  readonly own: { readonly lock: string; readonly told: (message: ToTab) => void }
  readonly later: (act: () => void) => void
  /** There is an owner more. */
  readonly housed: () => void
}

/** One leadership. */
export class Leadership {
  readonly #term: number
  readonly #terms: LeadershipWorld
  readonly #host: OwnerHost
  readonly #ways = new Map<string, TabWay>()
  /** What lets go of the locks of tabs, whose end is waited for. */
  readonly #watches = new Set<() => void>()
  /** What was said in this turn. */
  #said: (readonly [to: string[] | undefined, message: ToTab])[] = []
  #over = false

  /** `owner`: the name of this life. Tells all tabs that it has begun. */
  constructor(term: number, owner: string, terms: LeadershipWorld) {
    this.#term = term
    this.#terms = terms
    this.#host = new OwnerHost({
      owner,
      world: terms.world,
      released: (lock, act) => this.#watch(lock, act),
    })
    this.#host.announce({ post: (hello) => this.#say(undefined, hello) })
  }

  /** The keys of its owners. */
  get houses(): readonly string[] {
    return this.#host.keys
  }

  /** A tab says something. What was meant for a later leader is none of its business. */
  heard({ from, term, said }: TabEnvelope): void {
    if (this.#over || term > this.#term) return
    const { length } = this.houses
    for (const message of said) {
      const way = this.#ways.get(from) ?? { post: (answer: ToTab) => this.#say(from, answer) }
      if (message[0] === 'attach') this.#ways.set(from, way)
      if (message[0] === 'detach') this.#ways.delete(from)
      this.#host.received(way, message)
    }
    if (this.houses.length > length) this.#terms.housed()
  }

  /** Another tab leads, or nobody. */
  stop(): void {
    this.#over = true
    this.#host.stop()
    for (const release of this.#watches) release()
  }

  #watch(lock: string, act: () => void): void {
    const release = this.#terms.locks.request(lock, 'share', {
      granted: () => {
        release()
        this.#watches.delete(release)
        this.#ways.delete(lock)
        act()
      },
      lost: () => {},
    })
    this.#watches.add(release)
  }

  /** The same to several tabs travels once. */
  #say(to: string | undefined, message: ToTab): void {
    if (!this.#said.length) this.#terms.later(() => this.#flush())
    const last = this.#said.at(-1)
    if (to !== undefined && last?.[0] && last[1] === message) last[0].push(to)
    else this.#said.push([to === undefined ? to : [to], message])
  }

  #flush(): void {
    const { own, post } = this.#terms
    const said = this.#said.splice(0)
    if (this.#over) return
    if (said.some(([to]) => !to || to.some((lock) => lock !== own.lock))) post({ term: this.#term, said })
    for (const [to, message] of said) if (!to || to.includes(own.lock)) own.told(message)
  }
}
