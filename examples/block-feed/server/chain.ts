// Makes chains of blocks: each names the hash of the one before it, and each hash is really computed.

import { createHash, randomBytes } from 'node:crypto'
import { DIFFICULTY, headerOf, type Block } from '../shared/block.ts'

const GENESIS = '0'.repeat(64)
const MOST_TRANSACTIONS = 12

/** The block after `previous`, or the first of `chain`. Tries some thousand nonces: a few milliseconds. */
export function nextBlock(chain: string, previous: Block | undefined, at: number): Block {
  const count = 1 + Math.floor(Math.random() * MOST_TRANSACTIONS)
  const draft = {
    chain,
    height: (previous?.height ?? 0) + 1,
    previous: previous?.hash ?? GENESIS,
    at,
    transactions: Array.from({ length: count }, () => randomBytes(8).toString('hex')),
  }
  for (let nonce = 0; ; nonce++) {
    const hash = createHash('sha256')
      .update(headerOf({ ...draft, nonce }))
      .digest('hex')
    if (hash.startsWith(DIFFICULTY)) return { ...draft, nonce, hash }
  }
}
