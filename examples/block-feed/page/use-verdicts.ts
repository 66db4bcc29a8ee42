// Checks blocks as a wallet would: the hash is that of the contents, and the block before is the one it names.

import { reactive, watch, type Ref } from 'vue'
import { DIFFICULTY, headerOf, type Block } from '../shared/block.ts'

/** What was found out about a block. */
export type Verdict = 'good' | 'bad'

/** Verdicts by hash, as they come. Bounded by the blocks that are shown. */
export function useVerdicts(blocks: Ref<readonly Block[]>): Readonly<Record<string, Verdict>> {
  const verdicts = reactive<Record<string, Verdict>>({})
  const check = async (shown: readonly Block[]) => {
    for (const hash of Object.keys(verdicts)) if (!shown.some((block) => block.hash === hash)) delete verdicts[hash]
    for (const [index, block] of shown.entries()) {
      const before = shown[index + 1]
      const linked = before === undefined || before.height + 1 !== block.height || before.hash === block.previous
      verdicts[block.hash] ??= linked && (await hashOf(block)) === block.hash ? 'good' : 'bad'
    }
  }
  watch(blocks, (shown) => void check(shown), { immediate: true })
  return verdicts
}

async function hashOf(block: Block): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(headerOf(block)))
  const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return hash.startsWith(DIFFICULTY) ? hash : ''
}
