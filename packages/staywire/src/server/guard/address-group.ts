// What counts as one network address: an IPv4 address, or the 64 bits of an IPv6 network, since one subscriber has all of what
// follows (RFC 6177 §2). Text in, text out; it trusts no header.

/** `::ffff:192.0.2.1` and the like: an IPv4 peer on a socket of both families (RFC 4291 §2.5.5.2). */
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i

/** Groups of 16 bits in the 64 of a network. */
const NETWORK = 4
const GROUPS = 8

/** The name under which connections of this address are counted. */
export function addressGroup(address: string): string {
  // Most have none of what follows, and each connection asks.
  if (!address.includes(':')) return address
  const plain = address.replace(/%.*$/, '')
  const mapped = MAPPED.exec(plain)?.[1]
  if (mapped !== undefined) return mapped
  if (isLoopback(plain)) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const before = groupsOf(head)
  const after = groupsOf(tail ?? '')
  const zeros = tail === undefined ? 0 : Math.max(0, GROUPS - before.length - after.length)
  const all = [...before, ...Array.from({ length: zeros }, () => '0'), ...after]
  return `${all.slice(0, NETWORK).join(':')}::/64`
}

/** Whether a group is this machine itself: 127.0.0.0/8, `::1`, and a Unix socket, which has no address; or a host that tells none (`unknown`). */
export function isLoopback(group: string): boolean {
  return group.startsWith('127.') || group === '::1' || group === '' || group === 'unknown'
}

function groupsOf(text: string): string[] {
  if (text === '') return []
  return text.split(':').flatMap((group) => (group.includes('.') ? ['v4', 'v4'] : [group.replace(/^0+(?=.)/, '')]))
}
