// Whose request it is: the peer's address or, behind proxies that were trusted by name, the address that they say they speak for.
// What a client writes into such a header itself stands left of what a trusted proxy adds, and is never reached.

import { BlockList, isIP, isIPv4 } from 'node:net'
import type { Asked } from './upgrade.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { ServerOptions } from '../options.ts'

/** Longest header that is read. A proxy adds one entry, so what counts stands at the end. */
const HEADER_CHARS = 4_096

/** Finds the address of the client behind trusted proxies. */
export class ClientAddresses {
  readonly #trusted: BlockList | undefined
  readonly #header: 'x-forwarded-for' | 'forwarded'

  /** Throws a `StaywireError` `bad-option` for what is no network. */
  constructor({ trustedProxies = [], forwardedHeader = 'x-forwarded-for' }: ServerOptions) {
    if (forwardedHeader !== 'x-forwarded-for' && forwardedHeader !== 'forwarded')
      throw new StaywireError('bad-option', `forwardedHeader is ${JSON.stringify(forwardedHeader)}.`, {
        fix: 'Use x-forwarded-for or forwarded.',
      })
    this.#header = forwardedHeader
    if (trustedProxies.length > 0) this.#trusted = blockListOf(trustedProxies)
  }

  /** The address; empty for a Unix socket. */
  of({ socket, headers }: Asked): string {
    const peer = plain(socket.remoteAddress ?? '')
    if (this.#trusted === undefined || !this.#trusts(peer)) return peer
    const header = headers[this.#header]
    const text = (Array.isArray(header) ? header.join(',') : (header ?? '')).slice(-HEADER_CHARS)
    const chain = this.#header === 'forwarded' ? forwardedFor(text) : text.split(',').map(addressOf)
    let address = peer
    for (const before of chain.toReversed()) {
      // Whoever hides (`unknown`, `_name`) or cannot be read is as far as it goes: the proxy that told so is who is known.
      if (before === undefined) return address
      address = before
      if (!this.#trusts(address)) return address
    }
    return address
  }

  #trusts(address: string): boolean {
    if (address === '') return true
    const family = isIP(address)
    return family !== 0 && this.#trusted?.check(address, family === 4 ? 'ipv4' : 'ipv6') === true
  }
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const text of networks) {
    const [network = '', bits, ...more] = text.split('/')
    const family = isIPv4(network) ? 'ipv4' : 'ipv6'
    const most = family === 'ipv4' ? 32 : 128
    const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
    if (more.length > 0 || isIP(network) === 0 || !(prefix <= most))
      throw new StaywireError('bad-option', `trustedProxies has ${JSON.stringify(text)}, which is no network.`, {
        fix: 'Write addresses and networks like 10.0.0.0/8 or 2001:db8::/32.',
      })
    list.addSubnet(network, prefix, family)
  }
  return list
}

/** The `for` of each element of a `Forwarded` header (RFC 7239 §4), in their order. */
function forwardedFor(text: string): (string | undefined)[] {
  return text.split(',').map((element) => {
    const pair = element.split(';').find((part) => /^\s*for=/i.test(part))
    return pair === undefined
      ? undefined
      : addressOf(
          pair
            .replace(/^\s*for=/i, '')
            .trim()
            .replace(/^"(.*)"$/, '$1'),
        )
  })
}

/** An address as proxies write it: alone, with a port, or in brackets. */
function addressOf(text: string): string | undefined {
  const trimmed = text.trim()
  const bare =
    /^\[([^\]]+)\](?::\d+)?$/.exec(trimmed)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(trimmed)?.[1] ?? trimmed
  return isIP(bare) === 0 ? undefined : plain(bare)
}

/** IPv4 on a socket of both families, as IPv4. */
function plain(address: string): string {
  if (!address.startsWith('::')) return address
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
}
