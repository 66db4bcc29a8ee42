// A list of things in the order of their last use, linked through the things themselves: moving one costs the same however many
// there are, and walking it in pieces survives changes between the pieces.

/** What can be in a `Recency`: the links belong to the list. */
export interface Ranked<Item> {
  older: Item | undefined
  newer: Item | undefined
}

/** Items by last use. An item is in at most one list. */
export class Recency<Item extends Ranked<Item>> {
  #oldest: Item | undefined
  #newest: Item | undefined
  #cursor: Item | undefined

  get oldest(): Item | undefined {
    return this.#oldest
  }

  /** Adds `item`, which is in no list, as the most recent. */
  add(item: Item): void {
    item.older = this.#newest
    item.newer = undefined
    if (this.#newest === undefined) this.#oldest = item
    else this.#newest.newer = item
    this.#newest = item
  }

  /** Makes `item`, which is in this list, the most recent. */
  touch(item: Item): void {
    if (item === this.#newest) return
    this.remove(item)
    this.add(item)
  }

  /** Takes `item`, which is in this list, out. */
  remove(item: Item): void {
    if (item === this.#cursor) this.#cursor = item.newer
    if (item.older === undefined) this.#oldest = item.newer
    else item.older.newer = item.newer
    if (item.newer === undefined) this.#newest = item.older
    else item.newer.older = item.older
    item.older = undefined
    item.newer = undefined
  }

  /** The next item of a walk from the oldest to the newest, then from the oldest again; `undefined` once at the end of each round. */
  next(): Item | undefined {
    const item = this.#cursor
    if (item === undefined) {
      this.#cursor = this.#oldest
      return undefined
    }
    this.#cursor = item.newer
    return item
  }
}
