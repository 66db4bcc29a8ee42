/** Many channels with one subscriber each: nothing is shared between deliveries, so the cost per publication shows. */

import type { Scenario } from '../scenario.ts'

const CHANNELS = 1_000
const figures: Scenario['figures'] = [{ name: 'cpuUsPerDelivery', heading: 'CPU µs per delivery', digits: 3 }]

/** The server publishes. */
export const channels: Scenario = {
  name: 'channels',
  about:
    '64 B to each of 1,000 channels with one subscriber, published by the server in one loop, nobody waits for the outcome',
  figures,
  setup: { channels: CHANNELS, burst: 1 },
  memory: false,
  async run(pair, size) {
    const steps = size === 'full' ? 400 : 120
    const warmUp = Math.ceil(steps / 4)
    await pair.open(CHANNELS, 'own')
    await pair.inspected(() => pair.pace(2, 1))
    await pair.pace(warmUp, 1)
    const cpu = await pair.cpuOf(() => pair.pace(steps, 1))
    await pair.inspected(() => pair.pace(1, 1))
    await pair.verify({ deliveries: 2 + warmUp + steps + 1, answers: 0 })
    return { cpuUsPerDelivery: cpu / (steps * CHANNELS) }
  },
}

function relay(name: string, about: string, acknowledged: boolean): Scenario {
  return {
    name,
    about,
    figures,
    setup: { channels: 0, burst: 0 },
    memory: false,
    async run(pair, size) {
      const steps = size === 'full' ? 200 : 60
      const warmUp = Math.ceil(steps / 4)
      await pair.open(CHANNELS, 'own')
      await pair.inspected(() => pair.relay(2, acknowledged))
      await pair.relay(warmUp, acknowledged)
      const cpu = await pair.cpuOf(() => pair.relay(steps, acknowledged))
      await pair.inspected(() => pair.relay(1, acknowledged))
      const each = 2 + warmUp + steps + 1
      await pair.verify({ deliveries: each, answers: acknowledged ? each : 0 })
      return { cpuUsPerDelivery: cpu / (steps * CHANNELS) }
    },
  }
}

/** Clients publish. */
export const relayed = relay(
  'relay',
  'each of 1,000 clients publishes 64 B into the channel of its neighbour, unacknowledged',
  false,
)
export const relayedAcknowledged = relay('relay-ack', 'the same, and each publish is acknowledged to its client', true)
