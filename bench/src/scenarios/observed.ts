/** What being observed costs: the same server with and without its operations, in one process and in turns, so that only that differs. */

import type { Pair } from '../process/pair.ts'
import { median } from '../report/statistics.ts'
import type { Scenario, Size } from '../scenario.ts'

const SUBSCRIBERS = 1_000

/** How much is done at a time, and how often with each. */
const STEPS = 25
const WARM_UP = 5 * STEPS
const WINDOWS: Readonly<Record<Size, number>> = { full: 100, quick: 20 }

/** One shape of work: everybody in one channel, or each in one of their own. */
function observed(name: string, about: string, channel: 'one' | 'own'): Scenario {
  return {
    name,
    about,
    figures: [
      { name: 'ratio', heading: 'observed ÷ unobserved', digits: 4 },
      { name: 'observedUs', heading: 'CPU µs per delivery, observed', digits: 3 },
      { name: 'unobservedUs', heading: 'unobserved', digits: 3 },
    ],
    setup: { channels: channel === 'one' ? 1 : SUBSCRIBERS, burst: 1 },
    memory: false,
    servers: ['staywire-observed'],
    async run(pair, size) {
      const plain = await pair.beside()
      try {
        const both = [pair, plain]
        for (const one of both) {
          await one.open(SUBSCRIBERS, channel)
          await one.pace(WARM_UP, 1)
        }
        const spent: [observed: number, unobserved: number][] = []
        const cost = async (one: Pair) => (await one.cpuOf(() => one.pace(STEPS, 1))) / (STEPS * SUBSCRIBERS)
        for (let window = 0; window < WINDOWS[size]; window++) {
          // A B B A: neither always comes first.
          const turns = window % 2 === 0 ? both : both.toReversed()
          const costs = new Map<Pair, number>()
          for (const one of turns) costs.set(one, await cost(one))
          spent.push([costs.get(pair) ?? Number.NaN, costs.get(plain) ?? Number.NaN])
        }
        for (const one of both) await one.verify({ deliveries: WARM_UP + STEPS * WINDOWS[size], answers: 0 })
        return {
          ratio: median(spent.map(([own, other]) => own / other)),
          observedUs: median(spent.map(([own]) => own)),
          unobservedUs: median(spent.map(([, other]) => other)),
        }
      } finally {
        await plain.stop()
      }
    },
  }
}

export const observedFanOut = observed(
  'observed',
  'what its operations cost a server, 64 B to 1,000 subscribers of one channel; beside the same server without, in turns',
  'one',
)
export const observedChannels = observed(
  'observed-channels',
  'the same with 1,000 channels of one subscriber each: an event for each delivery',
  'own',
)
