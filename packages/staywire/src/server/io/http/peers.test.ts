import { describe, expect, it } from 'vitest'
import type { Exchange } from './exchange.ts'
import { Peers } from './peers.ts'

const b = 'http://10.0.0.2:8080/realtime'
const asked = (headers: object = {}): Exchange => ({ request: { headers } }) as unknown as Exchange
const peersOf = (peers: Record<string, string>, node?: string): Peers =>
  new Peers({ peers, ...(node !== undefined && { node }) }, 1, () => undefined)

describe('peers', () => {
  it('POST-12: are found by the node that a session begins with, once', () => {
    const peers = peersOf({ a: b, b, 'b-2': b }, 'a')
    expect(peers.of('b.x', asked())).toBeDefined()
    expect(peers.of('b-2.x.y', asked())).toBeDefined()
    for (const session of ['a.x', 'c.x', 'b', '.b', '', 'constructor.x', '__proto__.x', 7, undefined])
      expect(peers.of(session, asked())).toBeUndefined()
    expect(peers.of('b.x', asked({ 'staywire-node': 'c' }))).toBeUndefined()
  })

  it.each([
    [{ b: 'ftp://10.0.0.2/' }, 'a'],
    [{ b: '10.0.0.2:8080' }, 'a'],
    [{ b: 'http://user:secret@10.0.0.2/' }, 'a'],
    [{ b: 'http://10.0.0.2/?x=1' }, 'a'],
    [{ 'b.c': b }, 'a'],
    [{ b }, undefined],
  ])('are refused where they cannot be: %j of %s', (peers, node) => {
    expect(() => peersOf(peers, node)).toThrow(
      expect.objectContaining({
        code: 'bad-option',
        fix: expect.any(String),
        message: expect.stringContaining('peers'),
      }),
    )
  })
})
