// What a block is, on both sides.

/** A block, as it is published to `block:<chain>`. */
export interface Block {
  readonly chain: string
  readonly height: number
  /** SHA-256 of `headerOf`, in hex. */
  readonly hash: string
  /** The hash of the block before it. */
  readonly previous: string
  /** Unix time in milliseconds. */
  readonly at: number
  readonly transactions: readonly string[]
  /** Found by trying, so that the hash begins with `DIFFICULTY`. */
  readonly nonce: number
}

/** The chains that are fed, and how often each has a block, in milliseconds. */
export const CHAINS: Readonly<Record<string, number>> = { eth: 3_000, btc: 8_000, sol: 1_000 }

/** How every hash begins. */
export const DIFFICULTY = '000'

/** The text that is hashed. */
export function headerOf({ chain, height, previous, at, transactions, nonce }: Omit<Block, 'hash'>): string {
  return [chain, height, previous, at, transactions.join(','), nonce].join('|')
}
