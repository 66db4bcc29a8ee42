/**
 * Staywire with its operations: metrics, histories and findings are made of everything that happens. What is told can be kept from
 * them, and what their clock takes is added up.
 */

import { createOperations } from 'staywire/operations'
import { cpuSpent, serve } from './bench-server.ts'
import { staywireServer } from './staywire-server.ts'

let standing = 0
let observing = true

/** Makes operations whose timer is timed. */
function timedOperations(): ReturnType<typeof createOperations> {
  const { setInterval } = globalThis
  globalThis.setInterval = ((tick: () => void, ms: number) =>
    setInterval(() => {
      const before = cpuSpent()
      tick()
      standing += cpuSpent() - before
    }, ms)) as typeof setInterval
  try {
    return createOperations()
  } finally {
    globalThis.setInterval = setInterval
  }
}

const operations = timedOperations()

serve({
  ...staywireServer({
    observer: {
      report: (event) => {
        if (observing) operations.observer.report(event)
      },
    },
    watch: (server) => operations.watch(server),
  }),
  observe: (on) => {
    observing = on
  },
  standing: () => standing,
})
