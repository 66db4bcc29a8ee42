/** One publication to many: the delivery path itself. The next step begins when all subscribers have the last one. */

import type { Scenario } from '../scenario.ts'

const SUBSCRIBERS = 1_000

function fanOut(name: string, about: string, burst: number, full: number, quick: number): Scenario {
  return {
    name,
    about,
    figures: [{ name: 'cpuUsPerDelivery', heading: 'CPU µs per delivery', digits: 3 }],
    setup: { channels: 1, burst },
    memory: false,
    async run(pair, size) {
      const steps = size === 'full' ? full : quick
      const warmUp = Math.ceil(steps / 4)
      await pair.open(SUBSCRIBERS, 'one')
      await pair.inspected(() => pair.pace(2, burst))
      await pair.pace(warmUp, burst)
      const cpu = await pair.cpuOf(() => pair.pace(steps, burst))
      await pair.inspected(() => pair.pace(1, burst))
      await pair.verify({ deliveries: (2 + warmUp + steps + 1) * burst, answers: 0 })
      return { cpuUsPerDelivery: cpu / (steps * burst * SUBSCRIBERS) }
    },
  }
}

export const fanOutSingle = fanOut(
  'fan-out',
  '64 B to 1,000 subscribers of one channel, one publication at a time',
  1,
  600,
  200,
)
export const fanOutBurst = fanOut('burst', 'the same, 16 publications in one turn of the event loop', 16, 48, 24)
