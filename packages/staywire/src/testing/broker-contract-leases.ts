// The contract of leases, members and signals. See broker-contract.ts.

import type { Fence } from '../protocol/frame.ts'
import type { Claim, SignalMessage } from '../server/broker/broker.ts'
import type { BrokerCase } from './broker-contract.ts'

const TTL_MS = 120_000

function claim(holder: string, ...fence: Fence): Claim {
  return { name: 'slot:ada/b/shared', holder, fence, ttlMs: TTL_MS }
}

export const LEASE_CASES: readonly BrokerCase[] = [
  {
    name: 'RES-5, RES-6: the higher fence wins in whatever order claims arrive, and the one it beats is named',
    async run({ broker: { leases }, check }) {
      check(await leases.claim(claim('c1', 5, 1)), { granted: true }, 'the first')
      check(await leases.claim(claim('c2', 5, 2)), { granted: true, beaten: 'c1' }, 'a newer one')
      check(await leases.claim(claim('c0', 4, 9)), { granted: false, winner: [5, 2] }, 'a late, older one')
      check(await leases.claim(claim('c3', 6, 1)), { granted: true, beaten: 'c2' }, 'a newer term')
    },
  },
  {
    name: 'RES-5: an equal fence of another holder loses, one of the same holder renews',
    async run({ broker: { leases }, check }) {
      await leases.claim(claim('c1', 5, 1))
      check(await leases.claim(claim('c2', 5, 1)), { granted: false, winner: [5, 1] }, 'another')
      check(await leases.claim(claim('c1', 5, 1)), { granted: true }, 'the same')
    },
  },
  {
    name: 'RES-5: a released place remembers its fence until its ttl ends',
    async run({ broker: { leases }, advance, check }) {
      await leases.claim(claim('c1', 5, 5))
      await leases.release('slot:ada/b/shared', 'c1')
      advance(TTL_MS - 1)
      check(await leases.claim(claim('c0', 5, 4)), { granted: false, winner: [5, 5] }, 'an older one before')
      check(await leases.claim(claim('c2', 5, 6)), { granted: true }, 'a newer one beats nobody')
      await leases.release('slot:ada/b/shared', 'c2')
      advance(TTL_MS)
      check(await leases.claim(claim('c0', 1, 1)), { granted: true }, 'any after')
    },
  },
  {
    name: 'RES-8: a loser that lets go late changes nothing',
    async run({ broker: { leases }, advance, check }) {
      await leases.claim(claim('c1', 5, 1))
      await leases.claim(claim('c2', 5, 2))
      await leases.release('slot:ada/b/shared', 'c1')
      advance(TTL_MS * 2)
      check(await leases.claim(claim('c1', 5, 1)), { granted: false, winner: [5, 2] }, 'the place is still held')
    },
  },
  {
    name: 'places of other names do not matter to each other',
    async run({ broker: { leases }, check }) {
      await leases.claim(claim('c1', 5, 1))
      check(await leases.claim({ ...claim('c2', 1, 1), name: '__proto__' }), { granted: true }, 'another name')
    },
  },
  {
    name: 'members are told to have joined and left once per session',
    async run({ broker: { members }, check }) {
      const told: string[] = []
      members.listen((channel, change, { session }) => told.push(`${channel} ${change} ${session}`))
      const ada = { session: 's1', user: 'ada', data: { name: 'Ada' } }
      await members.put('a', ada)
      await members.put('a', { ...ada, data: { name: 'Ada L.' } })
      await members.put('a', { session: 's2', user: 'ada' })
      await members.put('b', ada)
      check(
        await members.list('a'),
        [
          { ...ada, data: { name: 'Ada L.' } },
          { session: 's2', user: 'ada' },
        ],
        'the list',
      )
      await members.remove('a', 's1')
      await members.remove('a', 's1')
      check(await members.list('a'), [{ session: 's2', user: 'ada' }], 'after one left')
      check(told, ['a join s1', 'a join s2', 'b join s1', 'a leave s1'], 'what was told')
    },
  },
  {
    name: 'a signal reaches its listener',
    async run({ broker: { signal }, check }) {
      const heard: SignalMessage[] = []
      signal.listen((message) => heard.push(message))
      const message: SignalMessage = { type: 'close-user', user: 'ada', code: 4502, reason: 'kicked' }
      await signal.send(message)
      check(heard, [message], 'heard')
    },
  },
]
