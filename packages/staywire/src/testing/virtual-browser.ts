// A browser in virtual time: its pages, the locks and the broadcasts between them. Pages hang, freeze, crash and close as real ones
// do; what a page is told while it stands still, it learns when it goes on.

import type { LockHolder, LockMode, Locks } from '../client/sharing/locks.ts'
import type { Cancel, VirtualTime } from './virtual-time.ts'

/** Milliseconds until a page is told of a lock, or of what another page said. */
const TRANSIT_MS = 2

/** One wish for a lock, granted or not. */
interface Wish {
  readonly page: VirtualPage
  readonly holder: LockHolder
  readonly shares: boolean
  held: boolean
}

/** One browser. */
export class VirtualBrowser {
  readonly time: VirtualTime
  readonly pages = new Set<VirtualPage>()
  /** By name: who has it first, then who waits, in the order of asking. */
  readonly #locks = new Map<string, Wish[]>()

  constructor(time: VirtualTime) {
    this.time = time
  }

  /** Locks held and asked for: a browser whose pages were closed has none. */
  get wishes(): number {
    return [...this.#locks.values()].reduce((sum, wishes) => sum + wishes.length, 0)
  }

  /** Opens a page. */
  open(): VirtualPage {
    const page = new VirtualPage(this)
    this.pages.add(page)
    return page
  }

  /** Tells all other pages that listen. */
  broadcast(from: VirtualPage, message: unknown): void {
    for (const page of this.pages)
      if (page !== from) page.soon(() => page.listeners.forEach((listener) => listener(message)))
  }

  request(page: VirtualPage, name: string, mode: LockMode, holder: LockHolder): () => void {
    const wish: Wish = { page, holder, shares: mode === 'share', held: false }
    const wishes = this.#locks.get(name) ?? []
    this.#locks.set(name, wishes)
    if (mode === 'steal') {
      for (const robbed of wishes.filter(({ held }) => held)) {
        wishes.splice(wishes.indexOf(robbed), 1)
        robbed.page.soon(() => robbed.held && robbed.holder.lost())
      }
      wishes.unshift(wish)
    } else wishes.push(wish)
    this.#grant(name)
    return () => {
      wish.held = false
      this.#remove(name, (each) => each === wish)
    }
  }

  /** A page is gone, and with it whatever it held. */
  forget(page: VirtualPage): void {
    this.pages.delete(page)
    for (const name of [...this.#locks.keys()]) this.#remove(name, (wish) => wish.page === page)
  }

  #remove(name: string, which: (wish: Wish) => boolean): void {
    const left = (this.#locks.get(name) ?? []).filter((wish) => !which(wish))
    if (left.length) this.#locks.set(name, left)
    else this.#locks.delete(name)
    this.#grant(name)
  }

  #grant(name: string): void {
    for (const [index, wish] of (this.#locks.get(name) ?? []).entries()) {
      const first = this.#locks.get(name)?.[0]
      if (index > 0 && !(wish.shares && first?.shares && first.held)) return
      if (wish.held) continue
      wish.held = true
      wish.page.soon(() => wish.held && this.#locks.get(name)?.includes(wish) && wish.holder.granted())
    }
  }
}

/** One page. */
export class VirtualPage {
  readonly listeners = new Set<(message: unknown) => void>()
  readonly #browser: VirtualBrowser
  #alive = true
  #standsStill = false
  /** What it learns when it goes on. */
  #missed: (() => void)[] = []

  constructor(browser: VirtualBrowser) {
    this.#browser = browser
  }

  /** Whether its code runs. */
  get runs(): boolean {
    return this.#alive && !this.#standsStill
  }

  /** How much it learns when it goes on. */
  get waiting(): number {
    return this.#missed.length
  }

  get alive(): boolean {
    return this.#alive
  }

  get locks(): Locks {
    return { request: (name, mode, holder) => this.#browser.request(this, name, mode, holder) }
  }

  broadcast(message: unknown): void {
    this.#browser.broadcast(this, message)
  }

  /** Its renderer hangs: no code runs, and the page is told nothing of it. */
  hang(): void {
    this.#standsStill = true
  }

  /** Goes on, and learns first what it missed. */
  goOn(): void {
    this.#standsStill = false
    for (const act of this.#missed.splice(0)) this.soon(act, 0)
  }

  /** Gone without a word. */
  crash(): void {
    this.#alive = false
    this.#browser.forget(this)
  }

  /** A timer of the page. */
  timer(act: () => void): { arm(at: number): void } {
    let cancel: Cancel | undefined
    return {
      arm: (at) => {
        cancel?.()
        const { time } = this.#browser
        cancel = at === Infinity ? undefined : time.schedule(at, () => this.when(act))
      },
    }
  }

  /** Does something in the page, soon, or when it goes on. */
  soon(act: () => void, inMs = TRANSIT_MS): void {
    const { time } = this.#browser
    time.schedule(time.now + inMs, () => this.when(act))
  }

  /** Does something in the page now, or when it goes on; never, if it is gone. */
  when(act: () => void): void {
    if (!this.#alive) return
    if (this.#standsStill) this.#missed.push(act)
    else act()
  }
}
