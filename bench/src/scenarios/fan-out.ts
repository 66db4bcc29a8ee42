/** One publication to many: the delivery path itself. The next step begins when all subscribers have the last one. */

import type { Scenario } from '../scenario.ts'
import type { Wire } from '../server-list.ts'

const SUBSCRIBERS = 1_000

/** How much is published: in one turn, and how often at each size. */
interface Steps {
  readonly burst: number
  readonly full: number
  readonly quick: number
}

/** The same work over any wire. */
export function fanOut(name: string, about: string, { burst, full, quick }: Steps, wire: Wire = 'websocket'): Scenario {
  return {
    name,
    about,
    wire,
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

export const fanOutSingle = fanOut('fan-out', '64 B to 1,000 subscribers of one channel, one publication at a time', {
  burst: 1,
  full: 600,
  quick: 200,
})
export const fanOutBurst = fanOut('burst', 'the same, 16 publications in one turn of the event loop', {
  burst: 16,
  full: 48,
  quick: 24,
})
