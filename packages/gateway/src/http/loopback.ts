// What counts as this machine: loopback addresses (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3) and their names. Resolves nothing.

const IPV4 = /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/

/** Whether a peer's address is a loopback one, IPv4 mapped into IPv6 included. */
export function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false
  return address === '::1' || IPV4.test(address.replace(/^::ffff:/i, ''))
}

/** Whether a host to listen on, or the host part of a `Host` header, is a loopback address or a loopback name. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, '$1')
  return name === 'localhost' || isLoopbackAddress(name)
}

/** The host part of a `Host` header: `[::1]:8080` gives `[::1]`. */
export function hostOf(header: string): string {
  return header.replace(/:\d+$/, '')
}
