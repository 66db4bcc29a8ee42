// Looks names up for requests that somebody configured: only to addresses of the public internet, so that a webhook cannot be
// pointed at the inside of the network (SSRF). The address that was judged is the one that is dialled; there is no second look-up.
import { lookup as systemLookup, type LookupAddress } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Special-purpose addresses: IANA registries of RFC 6890 for IPv4 and IPv6. */
const INSIDE = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  INSIDE.addSubnet(network, prefix, 'ipv4')
  // IPv4-mapped (::ffff:0:0/96) is judged by BlockList itself; NAT64 (RFC 6052) is not.
  INSIDE.addSubnet(`64:ff9b::${network}`, 96 + prefix, 'ipv6')
}
for (const [network, prefix] of [
  ['::', 127],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['ff00::', 8],
] as const) {
  INSIDE.addSubnet(network, prefix, 'ipv6')
}

/** Whether an IP address belongs to the public internet. */
export function isPublic(address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !INSIDE.check(address, family === 4 ? 'ipv4' : 'ipv6')
}

/** A `lookup` for `node:http` that answers public addresses only; fails with `ENOTFOUND` when a name has no others. */
export const publicLookup: LookupFunction = (hostname, options, answer) => {
  systemLookup(hostname, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const addresses = error ? [] : found.filter(({ address }) => isPublic(address))
    const [first] = addresses
    if (error) answer(error, [])
    else if (!first) answer(Object.assign(new Error(`${hostname} is not a public address`), { code: 'ENOTFOUND' }), [])
    else if (options.all) answer(null, addresses)
    else answer(null, first.address, first.family)
  })
}
