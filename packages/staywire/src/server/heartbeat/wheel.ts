// A hashed timing wheel: when to look at each of very many connections, without a timer for any of them. It knows no clock;
// whoever owns time calls `advance`.

/** Something the wheel can look at. Extended, not held: an entry costs three fields and no object of its own. */
export abstract class Timed {
  /** @internal When it wants to be looked at; `Infinity` while it is in no wheel. */
  dueAt = Infinity
  /** @internal */
  next: Timed | undefined
  /** @internal */
  prev: Timed | undefined

  /** Called when due. It is in no wheel then, and schedules itself again if it wants to. */
  abstract wake(now: number): void
}

/** The end of the list of one slot. */
class Slot extends Timed {
  override wake(): void {}
}

/** The wheel. Times are milliseconds; an entry is woken at its time or up to one `tickMs` late, never early. */
export class Wheel {
  readonly tickMs: number
  readonly #slots: readonly Slot[]
  readonly #due = emptySlot()
  /** The number (time / tick) of the last slot that was visited. */
  #visited: number
  #size = 0

  /** A turn of the wheel is `tickMs * slots`; entries due later go round again. */
  constructor(now: number, tickMs: number, slots = 512) {
    this.tickMs = tickMs
    this.#visited = Math.floor(now / tickMs)
    this.#slots = Array.from({ length: slots }, emptySlot)
  }

  /** How many entries are in it. */
  get size(): number {
    return this.#size
  }

  /** When `advance` may have something to do; `Infinity` when nobody is in it. Looks at each slot: for who waits, not for each tick. */
  get wakeAt(): number {
    if (this.#size === 0) return Infinity
    for (let number = this.#visited + 1; ; number++) {
      const slot = this.#slots[number % this.#slots.length] as Slot
      if (slot.next !== slot) return number * this.tickMs
    }
  }

  /** Wakes `entry` at `at`, unless it is to be woken earlier anyway: then it can say so again. */
  schedule(entry: Timed, at: number): void {
    if (at >= entry.dueAt) return
    if (entry.next === undefined) this.#size++
    else unlink(entry)
    entry.dueAt = at
    this.#place(entry)
  }

  /** Takes `entry` out; nothing happens when it is not in. */
  cancel(entry: Timed): void {
    if (entry.next === undefined) return
    unlink(entry)
    entry.dueAt = Infinity
    this.#size--
  }

  /** Wakes everything due by `now`. After a stall each slot is visited once, however long it was. */
  advance(now: number): void {
    const until = Math.floor(now / this.tickMs)
    const from = Math.max(this.#visited + 1, until - this.#slots.length + 1)
    this.#visited = Math.max(this.#visited, until)
    for (let number = from; number <= until; number++)
      this.#visit(this.#slots[number % this.#slots.length] as Slot, now)
  }

  #visit(slot: Slot, now: number): void {
    if (slot.next === slot) return
    // The list moves to a slot of its own first: what is scheduled meanwhile is for later, what is cancelled meanwhile is not woken.
    const due = this.#due
    due.next = slot.next as Timed
    due.prev = slot.prev as Timed
    due.next.prev = due.prev.next = due
    slot.next = slot.prev = slot
    for (let entry = due.next; entry !== due; entry = due.next) {
      unlink(entry)
      if (entry.dueAt > now) this.#place(entry)
      else {
        entry.dueAt = Infinity
        this.#size--
        entry.wake(now)
      }
    }
  }

  /** Rounds up, so that nobody is woken early; beyond a turn it is the farthest slot, from which it goes on. */
  #place(entry: Timed): void {
    const farthest = this.#visited + this.#slots.length - 1
    const number = Math.min(Math.max(Math.ceil(entry.dueAt / this.tickMs), this.#visited + 1), farthest)
    const slot = this.#slots[number % this.#slots.length] as Slot
    const prev = slot.prev as Timed
    entry.prev = prev
    entry.next = slot
    prev.next = entry
    slot.prev = entry
  }
}

function emptySlot(): Slot {
  const slot = new Slot()
  slot.next = slot.prev = slot
  return slot
}

function unlink(entry: Timed): void {
  const { next, prev } = entry as { next: Timed; prev: Timed }
  prev.next = next
  next.prev = prev
  entry.next = entry.prev = undefined
}
