// How much of its memory this process uses: of what the machine or its container allows, and of what V8 allows its heap.

import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'

/** How old an answer may be: asking costs more than a connect. */
const FRESH_MS = 250

/** Makes a function that answers the larger share, from 0 to 1, at most `FRESH_MS` old. `now` is any steady clock. */
export function memoryShare(now: () => number): () => number {
  let askedAt = -Infinity
  let share = 0
  return () => {
    if (now() - askedAt < FRESH_MS) return share
    askedAt = now()
    share = Math.max(process.memoryUsage.rss() / allowance(), heapShare())
    return share
  }
}

/**
 * V8 counts room for young objects into its limit (three times 64 MiB, unless it was told another size), but what lives for long
 * cannot use it: a process dies when the rest is full.
 */
const YOUNG_BYTES = 201_326_592

function heapShare(): number {
  const { used_heap_size: used, heap_size_limit: most } = getHeapStatistics()
  return used / Math.max(most - YOUNG_BYTES, most / 2)
}

/** Bytes that this process may use. Without a container's limit Node answers 0, or a number that no machine has. */
function allowance(): number {
  const machine = totalmem()
  const container = process.constrainedMemory()
  return container > 0 && container < machine ? container : machine
}
