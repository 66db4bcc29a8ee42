/**
 * What being observed costs. One server on the same connections is observed, unobserved and unobserved once more in turns of a few
 * steps, in an order that is drawn anew each time: machine, process, sockets and compiled code are the same for all three. The second
 * against the first unobserved one says what a difference of nothing looks like.
 */

import type { Pair } from '../process/pair.ts'
import { median, medianRange } from '../report/statistics.ts'
import type { Scenario, Size } from '../scenario.ts'

const SUBSCRIBERS = 1_000
const TURNS = ['observed', 'unobserved', 'again'] as const

/** How much is done at a time, and how often of each. */
const STEPS = 3
const WARM_UP = 150
const ROUNDS: Readonly<Record<Size, number>> = { full: 500, quick: 100 }

/** CPU µs per delivery in each turn of one round. */
type Costs = Readonly<Record<(typeof TURNS)[number], number>>

/** One shape of work: everybody in one channel, or each in one of their own. */
function observed(name: string, about: string, channel: 'one' | 'own'): Scenario {
  return {
    name,
    about,
    figures: [
      { name: 'ratio', heading: 'observed ÷ unobserved', digits: 4 },
      { name: 'told', heading: 'of it what it is told', digits: 4 },
      { name: 'toldLeast', heading: '95 % from', digits: 4 },
      { name: 'toldMost', heading: 'to', digits: 4 },
      { name: 'standing', heading: 'and its clock', digits: 4 },
      { name: 'control', heading: 'control: unobserved ÷ unobserved', digits: 4 },
      { name: 'controlLeast', heading: '95 % from', digits: 4 },
      { name: 'controlMost', heading: 'to', digits: 4 },
      { name: 'unobservedUs', heading: 'CPU µs per delivery, unobserved', digits: 3 },
    ],
    setup: { channels: channel === 'one' ? 1 : SUBSCRIBERS, burst: 1 },
    memory: false,
    servers: ['staywire-observed'],
    async run(pair, size) {
      await pair.open(SUBSCRIBERS, channel)
      await pair.pace(WARM_UP, 1)
      const standingBefore = await pair.standing()
      const costs: Costs[] = []
      const all = await pair.cpuOf(async () => {
        for (let round = 0; round < ROUNDS[size]; round++) costs.push(await costsOf(pair))
      })
      const standing = (await pair.standing()) - standingBefore
      await pair.verify({ deliveries: WARM_UP + STEPS * TURNS.length * ROUNDS[size], answers: 0 })
      return figuresOf(costs, standing / (all - standing))
    },
  }
}

async function costsOf(pair: Pair): Promise<Costs> {
  const costs = { observed: Number.NaN, unobserved: Number.NaN, again: Number.NaN }
  for (const turn of shuffled(TURNS)) {
    await pair.observe(turn === 'observed')
    costs[turn] = (await pair.cpuOf(() => pair.pace(STEPS, 1))) / (STEPS * SUBSCRIBERS)
  }
  return costs
}

/** `standing`: CPU time of the observer's own clock, as a share of all the rest. */
function figuresOf(costs: readonly Costs[], standing: number): Readonly<Record<string, number>> {
  // Against one of the two, not their mean: costs have a long tail upwards, and a mean of two is more often in it than one.
  const told = costs.map(({ observed: own, unobserved }) => own / unobserved)
  const control = costs.map(({ unobserved, again }) => again / unobserved)
  const [toldLeast, toldMost] = medianRange(told)
  const [controlLeast, controlMost] = medianRange(control)
  return {
    ratio: median(told) + standing,
    told: median(told),
    toldLeast,
    toldMost,
    standing,
    control: median(control),
    controlLeast,
    controlMost,
    unobservedUs: median(costs.map(({ unobserved }) => unobserved)),
  }
}

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, at: Math.random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ item }) => item)
}

export const observedFanOut = observed(
  'observed',
  'what its operations cost a server, 64 B to 1,000 subscribers of one channel; the same server on the same connections, in turns',
  'one',
)
export const observedChannels = observed(
  'observed-channels',
  'the same with 1,000 channels of one subscriber each: a publication for each delivery',
  'own',
)
