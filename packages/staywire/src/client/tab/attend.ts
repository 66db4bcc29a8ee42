// What is seen to in a tab once not all is well: requests that do not simply come back, and a connection that went to sleep
// although something is to be done. A connection in good health does without for a while.

import { takeCare } from '../outbox/care.ts'
import type { TabEngine } from './tab-engine.ts'

/** Attends to a tab from now on. */
export function attend({ tab, run }: TabEngine): void {
  if (tab.outbox.care) return
  takeCare(tab.outbox)
  tab.on('status', (status, cause) => {
    if (status !== 'asleep') return
    // What was put in just before the connection went to sleep has nobody else to wake it. Who hears nothing because nobody
    // looks wants it so.
    const hears = cause?.class === 'app' ? 0 : tab.subscriptions.size
    if (hears + tab.outbox.count) run(() => tab.owner.need())
  })
}
