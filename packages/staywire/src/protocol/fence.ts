// Fences say which of two claims of the same session or slot is newer.

import type { Fence } from './frame.ts'

/** Negative when `a` is older than `b`, positive when newer, 0 when they are the same claim. PROTOCOL.md, RES. */
export function compareFences(a: Fence, b: Fence): number {
  return a[0] - b[0] || a[1] - b[1]
}
