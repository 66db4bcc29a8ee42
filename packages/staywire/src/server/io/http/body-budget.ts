// How much memory bodies may hold together while they arrive: whose they are is only known once they are whole. It counts, and keeps
// nothing itself.

import { LIMITS } from '../../../protocol/limits.ts'

/** One for all bodies of a server. */
export class BodyBudget {
  #left: number

  /** `bytes`: what all may hold together, the free part of each aside. */
  constructor(bytes: number = LIMITS.unfinishedBodyBytes.value) {
    this.#left = bytes
  }

  /** For one body: its first `freeBytes` are not counted. */
  open(freeBytes: number = LIMITS.connectFrameBytes.value): BodyShare {
    let free = freeBytes
    let held = 0
    return {
      take: (bytes) => {
        const counted = Math.max(0, bytes - free)
        free = Math.max(0, free - bytes)
        if (counted > this.#left) return false
        this.#left -= counted
        held += counted
        return true
      },
      close: () => {
        this.#left += held
        held = 0
      },
    }
  }
}

/** What one body holds. */
export interface BodyShare {
  /** More has arrived; answers whether there is room for it. */
  take(bytes: number): boolean
  /** The body is whole, or given up: it holds nothing any more. */
  close(): void
}
