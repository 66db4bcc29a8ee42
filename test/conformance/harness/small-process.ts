// A host in a process of its own with little memory: it fills and frees it on demand, and says how full it is. Run with
// `--max-old-space-size`.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getHeapStatistics } from 'node:v8'
import { createServer } from 'staywire/server'

const server = createServer({
  authenticate: ({ token }) => (token === undefined ? null : { user: token }),
  // Nearer to its end a heap spends its time collecting garbage.
  limits: { memoryPercent: 30 },
  channels: { 'live:**': { subscribe: true, publish: true } },
})
const http = createHttpServer()
server.attach(http)

/** What `--max-old-space-size` says, in bytes. */
const OLD_BYTES = Number(process.argv[2]) * 1_048_576

/** What fills the heap: numbers, for buffers lie beside it. */
let ballast: number[][] = []

/** Fills it with what no collection frees. */
function fill(): void {
  const used = (): number => getHeapStatistics().used_heap_size
  while (used() < OLD_BYTES * 0.36) {
    ballast.push(Array.from<number>({ length: 100_000 }).fill(0.5))
    if (used() >= OLD_BYTES * 0.36) globalThis.gc?.()
  }
}

process.on('message', (message) => {
  if (message === 'fill') fill()
  else if (message === 'free') {
    ballast = []
    globalThis.gc?.()
  } else if (message === 'stats') return void process.send?.(server.stats())
  process.send?.(message)
})
http.listen(0, '127.0.0.1', () => process.send?.({ port: (http.address() as AddressInfo).port }))
