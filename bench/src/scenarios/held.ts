/** What Staywire holds besides connections: further subscriptions, sessions of the dropped, channels nobody looks at. JS heap, for all of it is objects. */

import { setTimeout as sleep } from 'node:timers/promises'
import type { Pair } from '../process/pair.ts'
import type { Scenario } from '../scenario.ts'

const FURTHER = 10
const CHANNELS = 20_000
/** The bench server keeps publications in `idle:*` for 5 s; a node sweeps 2,000 channels a second. */
const EXPIRED_MS = 5_000 + 1_000 * (CHANNELS / 2_000) + 3_000

async function perSubscription(pair: Pair, count: number): Promise<number> {
  await pair.open(count, 'own')
  const first = await pair.memory()
  await pair.open(count, 'own')
  const second = await pair.memory()
  await pair.open(count, 'own', { further: FURTHER })
  const third = await pair.memory()
  // What a connection holds by itself cancels out.
  return (third.heap - second.heap - (second.heap - first.heap)) / (count * FURTHER)
}

async function perSession(pair: Pair, count: number): Promise<number> {
  await pair.leave()
  const before = await pair.memory()
  await pair.open(count, 'own')
  await pair.leave()
  return ((await pair.memory()).heap - before.heap) / count
}

export const held: Scenario = {
  name: 'held',
  about: `JS heap per further subscription (${FURTHER} of 100 shared channels each), per session of a dropped connection, and per channel without subscribers, with its last 64 B publication kept and after that expired`,
  figures: [
    { name: 'bytesPerSubscription', heading: 'B per further subscription', digits: 0 },
    { name: 'bytesPerSession', heading: 'B per dropped session', digits: 0 },
    { name: 'bytesPerChannel', heading: 'B per idle channel', digits: 0 },
    { name: 'bytesPerKeptChannel', heading: 'B per channel with a publication', digits: 0 },
  ],
  setup: { channels: CHANNELS, burst: 1, prefix: 'idle:' },
  memory: true,
  servers: ['staywire'],
  async run(pair, size) {
    const count = size === 'full' ? 3_000 : 1_000
    const bytesPerSubscription = await perSubscription(pair, count)
    const bytesPerSession = await perSession(pair, count)
    const none = await pair.memory()
    await pair.step()
    const kept = await pair.memory()
    await sleep(EXPIRED_MS)
    const idle = await pair.memory()
    return {
      bytesPerSubscription,
      bytesPerSession,
      bytesPerChannel: (idle.heap - none.heap) / CHANNELS,
      bytesPerKeptChannel: (kept.heap - none.heap) / CHANNELS,
    }
  },
}
