// The simulated broker must be a broker: what is true of it in a simulation is true of the real one only if it keeps the contract.

import { describe, expect, it } from 'vitest'
import { BROKER_CONTRACT, seededRandom, VirtualTime, type Heard } from '../product.ts'
import { simBroker } from './sim-broker.ts'
import { SimDisk } from './sim-disk.ts'

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('the contract of a broker, kept by the simulated one', () => {
  it.each(BROKER_CONTRACT)('$name', async ({ run }) => {
    const time = new VirtualTime()
    let now = time.now // the disk's work takes time of its own
    const broker = simBroker({ time, disk: new SimDisk(3), random: seededRandom(1), now: () => now })
    const heard: Heard[] = []
    broker.log.listen({
      deliver: (channel, publication) => void heard.push({ channel, publication }),
      discontinued: (discontinued) => void heard.push({ discontinued }),
    })
    await broker.open({ durabilityOf: () => 'disk' })
    let over = false
    const done = run({
      broker,
      durability: 'disk',
      heard,
      now: () => now,
      advance: (ms) => {
        now += ms
        broker.expire(now)
      },
      check: (actual, expected, why) => expect(actual, why).toEqual(expected),
    }).finally(() => (over = true))
    done.catch(() => undefined) // looked at below
    while (!over) {
      await nextTurn()
      time.step()
    }
    await expect(done).resolves.toBeUndefined()
  })
})
