import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import type { ServerOptions } from '../options.ts'
import { ClientAddresses } from './client-address.ts'

const from = (peer: string | undefined, headers: object, options: ServerOptions): string =>
  new ClientAddresses(options).of({ socket: { remoteAddress: peer }, headers } as unknown as IncomingMessage)
const forwarded = (text: string) => ({ 'x-forwarded-for': text })
const trusting = { trustedProxies: ['10.0.0.0/8', '2001:db8:ffff::/48', '192.0.2.9'] }

describe('the address of a client', () => {
  it('LIM-4: is that of the peer when no proxy is trusted, whatever headers say', () => {
    expect(from('198.51.100.7', forwarded('203.0.113.1'), {})).toBe('198.51.100.7')
    expect(from('198.51.100.7', forwarded('203.0.113.1'), trusting)).toBe('198.51.100.7')
    expect(from('::ffff:198.51.100.7', {}, {})).toBe('198.51.100.7')
    expect(from(undefined, {}, {})).toBe('')
  })

  it.each([
    ['203.0.113.1', '203.0.113.1'],
    ['1.1.1.1, 203.0.113.1', '203.0.113.1'],
    ['1.1.1.1, 203.0.113.1, 10.1.2.3, 192.0.2.9', '203.0.113.1'],
    ['203.0.113.1:4711', '203.0.113.1'],
    ['2001:db8::1', '2001:db8::1'],
    ['[2001:db8::1]:443, 2001:db8:ffff::5', '2001:db8::1'],
    ['::ffff:203.0.113.1', '203.0.113.1'],
    ['10.1.1.1, 10.2.2.2', '10.1.1.1'],
    ['', '10.0.0.1'],
    ['1.1.1.1, unknown', '10.0.0.1'],
    ['1.1.1.1, <script>', '10.0.0.1'],
    ['1.1.1.1, unknown, 10.0.0.2', '10.0.0.2'],
  ])('LIM-4: is the last one before the trusted proxies: %s', (header, address) => {
    expect(from('10.0.0.1', forwarded(header), trusting)).toBe(address)
    expect(from('::ffff:10.0.0.1', forwarded(header), trusting)).toBe(address)
  })

  it.each([
    ['for=203.0.113.1', '203.0.113.1'],
    ['for=1.1.1.1;proto=https, For="203.0.113.1:80";by=10.0.0.1', '203.0.113.1'],
    ['for="[2001:db8::1]:4711", for=10.3.3.3', '2001:db8::1'],
    ['for=_hidden', '10.0.0.1'],
    ['proto=https', '10.0.0.1'],
  ])('LIM-4: is read from `Forwarded` where that is the header of the proxies: %s', (header, address) => {
    const options = { ...trusting, forwardedHeader: 'forwarded' } as const
    expect(from('10.0.0.1', { forwarded: header, ...forwarded('9.9.9.9') }, options)).toBe(address)
    expect(from('10.0.0.1', { forwarded: header }, trusting)).toBe('10.0.0.1')
  })

  it('LIM-4: is read behind a proxy on a Unix socket', () => {
    expect(from(undefined, forwarded('203.0.113.1'), trusting)).toBe('203.0.113.1')
  })

  it('is found in a very long header without reading all of it', () => {
    expect(from('10.0.0.1', forwarded(`${'1.1.1.1, '.repeat(100_000)}203.0.113.1`), trusting)).toBe('203.0.113.1')
  })

  it.each(['10.0.0.0/33', '10.0.0/8', 'proxy.example', '10.0.0.1/8/8', '::/129', '', '10.0.0.0/', '10.0.0.0/-1'])(
    'refuses %j as a network',
    (network) => {
      expect(() => new ClientAddresses({ trustedProxies: [network] })).toThrow(
        expect.objectContaining({ code: 'bad-option', fix: expect.stringContaining('10.0.0.0/8') }),
      )
    },
  )
})
