// A shared worker of a virtual browser: houses owners as the real one does, in a thread of its own that can hang, and that may begin
// anew on the same ports without a word to anybody, as it does in WebKit.

import { OwnerHost, type TabWay } from '../client/sharing/owner-host.ts'
import type { Placement, WayListener } from '../client/sharing/placement.ts'
import type { VirtualBrowser, VirtualPage } from './virtual-browser.ts'
import type { VirtualLink } from './virtual-link.ts'
import { VirtualPageWorld } from './virtual-page-world.ts'
import type { VirtualTime } from './virtual-time.ts'

/** As every browser and Node have it. */
declare function structuredClone<Value>(value: Value): Value

/** What a virtual worker is made with. */
export interface VirtualWorkerOptions {
  readonly time: VirtualTime
  readonly browser: VirtualBrowser
  readonly dial: () => VirtualLink | undefined
  readonly seed: number
}

/** The worker of a browser. */
export class VirtualWorker {
  readonly #options: VirtualWorkerOptions
  #lives = 0
  #ways = 0
  #thread: VirtualPage
  #world: VirtualPageWorld
  #host: OwnerHost

  constructor(options: VirtualWorkerOptions) {
    this.#options = options
    ;[this.#thread, this.#world, this.#host] = this.#live()
  }

  /** Live links of its owners. */
  get links(): number {
    return this.#world.links.size
  }

  /** Its links break. */
  cut(): void {
    this.#world.cut()
  }

  hang(): void {
    this.#thread.hang()
  }

  goOn(): void {
    this.#thread.goOn()
  }

  /** Another life of it takes the place of this one, with its ports. */
  restart(): void {
    this.#thread.crash()
    this.#world.cut()
    ;[this.#thread, this.#world, this.#host] = this.#live()
  }

  /** The worker as a place, seen from a page. `instance`: a name of its client. */
  place(page: VirtualPage, instance: string): Placement {
    return { name: 'shared-worker', open: (listener) => this.#open(page, `${instance}:w${++this.#ways}`, listener) }
  }

  #open(page: VirtualPage, lock: string, listener: WayListener): ReturnType<Placement['open']> {
    let closed = false
    const way: TabWay = {
      post: (message) => {
        const copy = structuredClone(message)
        page.soon(() => closed || listener.received(copy))
      },
    }
    const release = page.locks.request(lock, 'wait', {
      granted: () => closed || listener.opened(lock),
      lost: (problem) => closed || listener.ended(problem ?? 'the lock was taken away'),
    })
    return {
      post: (message) => {
        const copy = structuredClone(message)
        this.#thread.soon(() => this.#host.received(way, copy))
      },
      close: () => {
        closed = true
        release()
      },
    }
  }

  #live(): [VirtualPage, VirtualPageWorld, OwnerHost] {
    const { browser, time, dial, seed } = this.#options
    const thread = browser.open()
    const world = new VirtualPageWorld(thread, time, dial)
    const life = ++this.#lives
    const host = new OwnerHost({
      owner: `worker-${life}`,
      world: () => world.of(seed + life),
      released: (lock, act) => {
        const release = thread.locks.request(lock, 'share', {
          granted: () => {
            release()
            act()
          },
          lost: () => {},
        })
      },
    })
    return [thread, world, host]
  }
}
