// A server that feeds blocks to pages, and says who is connected. Everything Staywire needs is in `createServer` below.

import { fileURLToPath } from 'node:url'
import { fromThisMachine, openSite } from '@staywire-examples/site'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { CHAINS, type Block } from '../shared/block.ts'
import { nextBlock } from './chain.ts'

const PORT = Number(process.env['PORT'] ?? 8101)
/** A connection that says nothing for so long is dead: pings go out in time to be answered before. */
const READ_DEADLINE_MS = 60_000
const PONG_MS = 8_000
const BLOCKS_AT_START = 20

// `GET /ws/status`, `POST /ws/close-all` and the rest of the operations API, for this machine alone.
const operations = createOperations({ authorize: fromThisMachine })

const server = createServer({
  anonymous: true,
  channels: { 'block:*': { subscribe: true, publish: false, history: { size: 100, ttlMs: 3_600_000 } } },
  heartbeat: { intervalMs: READ_DEADLINE_MS - PONG_MS, timeoutMs: PONG_MS },
  observer: operations.observer,
})
operations.watch(server)

const timers = await Promise.all(Object.entries(CHAINS).map(([chain, everyMs]) => feed(chain, everyMs)))

const site = await openSite(fileURLToPath(new URL('..', import.meta.url)), [operations.handler])
server.attach(site.http)
await site.listen(PORT, async () => {
  for (const timer of timers) clearInterval(timer)
  operations.stop()
  await server.close()
})

/** Publishes blocks of one chain: some at once, so that no page is empty, then one every `everyMs`. */
async function feed(chain: string, everyMs: number): Promise<NodeJS.Timeout> {
  let last: Block | undefined
  const publish = async (at: number) => {
    last = nextBlock(chain, last, at)
    await server.publish(`block:${chain}`, last)
  }
  for (let left = BLOCKS_AT_START; left > 0; left--) await publish(Date.now() - left * everyMs)
  return setInterval(() => void publish(Date.now()), everyMs)
}
