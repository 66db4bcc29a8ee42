import type { IncomingMessage } from 'node:http'
import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { DeflateEncoder, takesAnyWindow } from './websocket-deflate.ts'
import { websocketEncoder } from './websocket-frame.ts'

/** The text of a message, by RFC 7692 §7.2.2. */
function read(bytes: Uint8Array): { compressed: boolean; text: string } {
  const [first = 0, length = 0] = bytes
  const payload = Buffer.from(bytes.subarray(length < 126 ? 2 : length === 126 ? 4 : 10))
  const compressed = (first & 0x40) !== 0
  const text = compressed ? inflateRawSync(payload, { finishFlush: 2 }) : payload
  return { compressed, text: text.toString() }
}

const publication = (data: string): string => `{"type":"publication","channel":"a","offset":1,"data":"${data}","at":1}`

describe('compressed messages', () => {
  it.each([1_000, 5_000, 300_000])('COMP-2: of about %i characters are read back as they were', (length) => {
    const encoder = new DeflateEncoder(1_000)
    const text = publication('né '.repeat(length / 3))
    expect(read(encoder.encode(text))).toEqual({ compressed: true, text })
    const { messages, bytesBefore, bytesAfter } = encoder.figures
    expect([messages, bytesBefore]).toEqual([1, Buffer.byteLength(text)])
    expect(bytesAfter).toBeLessThan(bytesBefore / 5)
  })

  it('COMP-2: are those of the threshold and above, but never `connected`, nor what would grow', () => {
    const encoder = new DeflateEncoder(200)
    const connected = `{"type":"connected","session":{"secret":"${'x'.repeat(500)}"}}`
    const noise = Buffer.from(Array.from({ length: 300 }, (_, n) => (n * 7_919 * (n + 3)) % 251)).toString('base64')
    for (const text of [publication('x'.repeat(100)), connected])
      expect(encoder.encode(text)).toEqual(websocketEncoder.encode(text))
    expect(read(encoder.encode(noise)).text).toBe(noise)
    const [before, exact] = [publication('x'.repeat(135)), publication('x'.repeat(136))]
    expect([before, exact].map((text) => [text.length, read(encoder.encode(text)).compressed])).toEqual([
      [199, false],
      [200, true],
    ])
  })

  it('COMP-2: are for clients that take windows of any size', () => {
    const offer = (header: string) =>
      takesAnyWindow({ headers: { 'sec-websocket-extensions': header } } as IncomingMessage)
    expect(offer('permessage-deflate; client_max_window_bits')).toBe(true)
    expect(offer('permessage-deflate; server_max_window_bits=10')).toBe(false)
  })
})
