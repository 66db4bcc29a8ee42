// The epochs of channels without a row. Forgetting a row renews the epoch its channel would start with, so that no epoch and offset
// ever name two publications, and keeps those of nearly all other channels.

/** How many parts the renewal is split into: forgetting one channel renews the epoch of one in 65,536 others. */
export const CELLS = 65_536

/** The base epoch of a log in cells: a channel's name says which cell it belongs to. */
export class BaseEpoch {
  readonly #base: string
  #renewals: Uint32Array | undefined

  /** `base`: random, never used before; URL-safe characters. */
  constructor(base: string) {
    this.#base = base
  }

  /** The epoch of a channel that has no row. */
  of(channel: string): string {
    const renewals = this.#renewals?.[cellOf(channel)] ?? 0
    return renewals === 0 ? this.#base : `${this.#base}-${renewals.toString(36)}`
  }

  /** The row of `channel` is forgotten: the epoch of its cell is never used for a new row again. Answers the cell and its count. */
  renew(channel: string): { cell: number; renewals: number } {
    const cell = cellOf(channel)
    const renewals = (this.#renewals?.[cell] ?? 0) + 1
    this.restore(cell, renewals)
    return { cell, renewals }
  }

  /** Puts back what `renew` once answered. */
  restore(cell: number, renewals: number): void {
    this.#renewals ??= new Uint32Array(CELLS)
    this.#renewals[cell] = renewals
  }
}

/** A text for a new epoch or life: about 100 random bits as URL-safe characters. `random` gives numbers in [0, 1). */
export function randomEpoch(random: () => number): string {
  return word(random) + word(random)
}

function word(random: () => number): string {
  return Math.floor(random() * 2 ** 52)
    .toString(36)
    .padStart(11, '0')
}

/** FNV-1a over UTF-16 units, cut to the number of cells. */
function cellOf(channel: string): number {
  let value = 0x811c_9dc5
  for (let index = 0; index < channel.length; index++) {
    value = Math.imul(value ^ channel.charCodeAt(index), 0x0100_0193)
  }
  return (value ^ (value >>> 16)) & (CELLS - 1)
}
