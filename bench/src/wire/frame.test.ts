import { expect, test } from 'vitest'
import { encodeMasked, encodeText, PONG, scan, TEXT } from './frame.ts'

function texts(bytes: Buffer): { seen: string[]; used: number } {
  const seen: string[] = []
  const used = scan(bytes, seen, (list, opcode, all, start, end) => {
    list.push(`${opcode}:${all.toString('utf8', start, end)}`)
  })
  return { seen, used }
}

test.each([0, 1, 125, 126, 65_535, 65_536])('a text of %i bytes comes back whole, masked or not', (length) => {
  const text = 'y'.repeat(length)
  expect(texts(encodeText(text))).toEqual({ seen: [`${TEXT}:${text}`], used: encodeText(text).length })
  expect(texts(encodeMasked(TEXT, text)).seen).toEqual([`${TEXT}:${text}`])
})

test('several frames in one chunk are all seen, and an unfinished one is left for the next chunk', () => {
  const whole = Buffer.concat([encodeText('one'), encodeMasked(PONG, ''), encodeText('zwei ü')])
  const cut = Buffer.concat([whole, encodeText('three')]).subarray(0, -1)
  expect(texts(cut)).toEqual({ seen: ['1:one', '10:', '1:zwei ü'], used: whole.length })
})

test('nothing is seen of a frame before its last byte', () => {
  const frame = encodeMasked(TEXT, 'z'.repeat(300))
  for (let length = 0; length < frame.length; length += 1) {
    expect(texts(Buffer.from(frame.subarray(0, length)))).toEqual({ seen: [], used: 0 })
  }
})

test('the mask is not zero, for `ws` would skip it', () => {
  expect(encodeMasked(TEXT, 'aaaa').subarray(-4).toString()).not.toBe('aaaa')
})

test('a fragment is an error, not a miscount', () => {
  const fragment = encodeText('half')
  fragment[0] = TEXT
  expect(() => texts(fragment)).toThrow('fragmented')
})
