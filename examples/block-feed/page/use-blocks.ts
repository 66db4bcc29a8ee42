// The newest blocks of a chain: what the channel has kept, and from then on every one as it comes.

import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { useChannel, useConnection, type UseChannel } from 'staywire/vue'
import type { Block } from '../shared/block.ts'

const SHOWN = 20

/** Blocks, newest first, and how the subscription stands. */
export function useBlocks(chain: () => string): UseChannel & { blocks: Readonly<ShallowRef<readonly Block[]>> } {
  const { client } = useConnection()
  const blocks = shallowRef<readonly Block[]>([])
  const add = (more: readonly Block[]) => {
    const byHeight = new Map([...blocks.value, ...more].map((block) => [block.height, block]))
    blocks.value = [...byHeight.values()].toSorted((a, b) => b.height - a.height).slice(0, SHOWN)
  }
  const channel = useChannel<Block>(
    () => `block:${chain()}`,
    ({ data }) => add([data]),
  )
  watch(chain, () => (blocks.value = []))
  // `live` and `gap` say that something came before: ask for it. `recovered` says that nothing is missing.
  let gone = false
  onScopeDispose(() => (gone = true))
  watch([channel.outcome, channel.gap, chain], async ([outcome], [, , before]) => {
    if (outcome === undefined || outcome === 'recovered') return
    const asked = chain()
    if (outcome === 'gap' || before !== asked) blocks.value = []
    const page = await client.value?.history<Block>(`block:${asked}`, { limit: SHOWN }).catch(() => undefined)
    if (!gone && page !== undefined && asked === chain()) add(page.publications.map(({ data }) => data))
  })
  return { ...channel, blocks }
}
