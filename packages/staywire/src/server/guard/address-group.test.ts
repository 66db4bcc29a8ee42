import { expect, it } from 'vitest'
import { addressGroup, isLoopback } from './address-group.ts'

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:127.0.0.1', '127.0.0.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:db8::7:0:0:1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '::1'],
  ['', ''],
])('counts %s as %s', (address, group) => {
  expect(addressGroup(address)).toBe(group)
})

it('takes two addresses of one network as one, and of two networks as two', () => {
  expect(addressGroup('2001:db8:1:2:ffff::1')).toBe(addressGroup('2001:db8:1:2:0:1:2:3'))
  expect(addressGroup('2001:db8:1:3::1')).not.toBe(addressGroup('2001:db8:1:2::1'))
})

it('knows this machine, and peers of which nothing is known', () => {
  expect(['127.0.0.1', '127.1.2.3', '::1', '', 'unknown'].every(isLoopback)).toBe(true)
  expect(['128.0.0.1', '2001:db8:0:0::/64', '1127.0.0.1'].some(isLoopback)).toBe(false)
})
