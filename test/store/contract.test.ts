// The embedded store, on a real disk, against the contract of every broker.

import { describe, expect, it } from 'vitest'
import { BROKER_CONTRACT } from 'staywire/testing'
import { StoreWorld } from './harness/store-world.ts'

describe('the contract of a broker', () => {
  it.each(BROKER_CONTRACT)('$name', async ({ run }) => {
    const world = await StoreWorld.open()
    try {
      await expect(run(world)).resolves.toBeUndefined()
      expect(world.reported).toEqual(['availability'])
    } finally {
      await world.remove()
    }
  })
})
