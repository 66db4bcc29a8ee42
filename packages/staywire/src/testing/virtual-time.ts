// Time that passes only when told: what happens next is taken from a queue, so that a day takes as long as its events.

/** Undoes a scheduled action. Idempotent. */
export type Cancel = () => void

interface Entry {
  readonly at: number
  readonly order: number
  action: (() => void) | undefined
}

/** A clock and its agenda. Actions due at the same moment run in the order they were scheduled in. */
export class VirtualTime {
  #now: number
  #order = 0
  #pending = 0
  /** A binary heap by (at, order). */
  readonly #heap: Entry[] = []

  /** Starts at `now`, Unix milliseconds. */
  constructor(now = 1_700_000_000_000) {
    this.#now = now
  }

  get now(): number {
    return this.#now
  }

  /** Actions that wait and were not cancelled. */
  get pending(): number {
    return this.#pending
  }

  /** When the next action is due; `Infinity` when nothing waits. */
  get nextAt(): number {
    for (let next = this.#heap[0]; next !== undefined; next = this.#heap[0]) {
      if (next.action !== undefined) return next.at
      this.#pop()
    }
    return Infinity
  }

  /** Runs the one action that is due next, and moves the clock to it. */
  step(): void {
    if (this.nextAt !== Infinity) this.#step()
  }

  /** Runs `action` when the clock reaches `at` (at once, in turn, when that is past). */
  schedule(at: number, action: () => void): Cancel {
    const entry: Entry = { at: Math.max(at, this.#now), order: this.#order++, action }
    this.#pending++
    this.#push(entry)
    return () => {
      if (entry.action === undefined) return
      entry.action = undefined
      this.#pending--
    }
  }

  /** Lets `ms` pass, running everything that comes due. */
  advance(ms: number): void {
    const end = this.#now + ms
    while (this.nextAt <= end) this.#step()
    this.#now = end
  }

  #step(): void {
    const entry = this.#pop()
    if (entry?.action === undefined) return
    const { action } = entry
    entry.action = undefined
    this.#pending--
    this.#now = Math.max(this.#now, entry.at)
    action()
  }

  #push(entry: Entry): void {
    const heap = this.#heap
    let index = heap.push(entry) - 1
    while (index > 0) {
      const parent = (index - 1) >> 1
      const above = heap[parent] as Entry
      if (before(above, entry)) break
      heap[index] = above
      index = parent
    }
    heap[index] = entry
  }

  #pop(): Entry | undefined {
    const heap = this.#heap
    const top = heap[0]
    const last = heap.pop()
    if (top === undefined || last === undefined || heap.length === 0) return top
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const child = left + 1 < heap.length && before(heap[left + 1] as Entry, heap[left] as Entry) ? left + 1 : left
      if (child >= heap.length || before(last, heap[child] as Entry)) break
      heap[index] = heap[child] as Entry
      index = child
    }
    heap[index] = last
    return top
  }
}

function before(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
