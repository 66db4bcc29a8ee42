// The lines of a store, and their checksums.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Append } from '../broker.ts'
import { publicationOf } from '../publication.ts'
import { crc32c, crc32cOfInteger } from './crc32c.ts'
import { decodeLine, encodeLine, inOneLine } from './record-line.ts'

const retention = { durability: 'disk' } as const
const AT = 1_700_000_000_000

function lineOf(entry: Append): string {
  const { head, scope, payload } = encodeLine(entry, AT)
  return head + scope + payload
}

describe('the line of a publication', () => {
  it('is one JSON text in one line', () => {
    const line = lineOf({ channel: 'a', data: '{"n":1}', meta: '{"m":2}', from: 'ada', key: 'k', retention })
    expect(line).toBe('[1700000000000,10,7,"ada","k",{"m":2},{"n":1}]\n')
  })

  it('gives back every publication, whatever is in it', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('"', '\\', '",', 'null', ']\\n', 'a"b'),
    )
    const entries = fc.record(
      {
        data: fc.jsonValue().map((value) => JSON.stringify(value)),
        meta: fc.option(fc.dictionary(text, fc.nat())),
        from: fc.option(text),
        key: fc.option(text),
      },
      { requiredKeys: ['data', 'meta', 'from', 'key'] },
    )
    fc.assert(
      fc.property(entries, fc.integer({ min: 1 }), ({ data, meta, from, key }, offset) => {
        const entry: Append = {
          channel: 'a',
          data,
          retention,
          ...(meta === null ? undefined : { meta: JSON.stringify(meta) }),
          ...(from === null ? undefined : { from }),
          ...(key === null ? undefined : { key }),
        }
        const line = lineOf(entry)
        expect(line.indexOf('\n')).toBe(line.length - 1)
        expect(Array.isArray(JSON.parse(line))).toBe(true)
        expect(decodeLine(line, offset)).toEqual(publicationOf(entry, offset, AT))
      }),
    )
  })

  it('has spaces for line breaks between tokens, and the same value', () => {
    const entry: Append = { channel: 'a', data: '{\r\n"a":\n1}', meta: '{\n}', retention }
    expect(inOneLine(entry)).toEqual({ ...entry, data: '{  "a": 1}', meta: '{ }' })
    const without: Append = { channel: 'a', data: '"a\\nb"', retention }
    expect(inOneLine(without)).toBe(without)
  })

  it('has a part that is equal only for the same user and key, and one for the same data and meta', () => {
    const part = (more: Partial<Append>) => encodeLine({ channel: 'a', data: '1', retention, ...more }, AT)
    const scopes = [
      {},
      { key: 'k' },
      { from: 'k' },
      { from: 'null', key: 'k' },
      { from: 'a","b', key: 'c' },
      { from: 'a', key: 'b","c' },
    ].map((more) => part(more).scope)
    expect(new Set(scopes).size).toBe(scopes.length)
    const payloads = [{}, { data: '2' }, { meta: '{}' }, { data: '"null,1"' }].map((more) => part(more).payload)
    expect(new Set(payloads).size).toBe(payloads.length)
  })
})

describe('CRC-32C', () => {
  it('is that of RFC 3720, appendix B.4', () => {
    const of = (bytes: number[]) => crc32c(0, Uint8Array.from(bytes))
    expect(of(Array.from({ length: 32 }, () => 0))).toBe(0x8a91_36aa)
    expect(of(Array.from({ length: 32 }, () => 0xff))).toBe(0x62a8_ab43)
    expect(of(Array.from({ length: 32 }, (_, index) => index))).toBe(0x46dd_794e)
    expect(of([49, 50, 51, 52, 53, 54, 55, 56, 57])).toBe(0xe306_9283)
  })

  it('is the same in one piece and in many', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(100), (bytes, cut) => {
        const at = Math.min(cut, bytes.length)
        expect(crc32c(crc32c(0, bytes, 0, at), bytes, at)).toBe(crc32c(0, bytes))
      }),
    )
  })

  it('goes on with an integer as with its eight bytes', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(0xffff_ffff), (integer, crc) => {
        const bytes = new Uint8Array(8)
        new DataView(bytes.buffer).setBigUint64(0, BigInt(integer), true)
        expect(crc32cOfInteger(crc, integer)).toBe(crc32c(crc, bytes))
      }),
    )
  })
})
