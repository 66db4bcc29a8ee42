/** A storm of newcomers: from the TCP accept to the first subscription, with a token checked where the server checks any. */

import type { Scenario } from '../scenario.ts'

export const connectStorm: Scenario = {
  name: 'connect',
  about:
    '5,000 connections, 200 at a time, until each is connected and subscribed to its channel; Staywire checks an HS256 token for each',
  figures: [
    { name: 'cpuUsPerConnect', heading: 'CPU µs per connect', digits: 1 },
    { name: 'connectsPerCpuSecond', heading: 'connects per CPU s', digits: 0 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: false,
  async run(pair, size) {
    const count = size === 'full' ? 5_000 : 2_000
    await pair.open(count, 'own', { inFlight: 200 })
    await pair.leave()
    const cpu = await pair.cpuOf(() => pair.open(count, 'own', { inFlight: 200 }))
    await pair.verify({ deliveries: 0, answers: 0 })
    return { cpuUsPerConnect: cpu / count, connectsPerCpuSecond: (count * 1_000_000) / cpu }
  },
}
