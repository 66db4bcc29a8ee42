import { expect, it } from 'vitest'
import { EncodedFrame, type FrameEncoder } from '../hub/encoded-frame.ts'
import { Batch } from './batch.ts'

const encoder: FrameEncoder = { encode: (text) => Uint8Array.from(text, (char) => char.charCodeAt(0)) }
const text = (bytes: Uint8Array): string => String.fromCharCode(...bytes)

it('joins its frames in order', () => {
  const batch = ['ab', 'c', 'def']
    .map((part) => new EncodedFrame(part))
    .reduce<Batch | undefined>(
      (before, frame) => before?.append(frame, encoder) ?? new Batch(frame, encoder),
      undefined,
    )
  expect(batch?.size).toBe(6)
  expect(text(batch?.bytes(encoder) ?? new Uint8Array())).toBe('abcdef')
})

it('gives all who append the same frame the same batch, joined once', () => {
  const first = new Batch(new EncodedFrame('a'), encoder)
  const frame = new EncodedFrame('b')
  const [one, two] = [first.append(frame, encoder), first.append(frame, encoder)]
  expect(one).toBe(two)
  expect(one.bytes(encoder)).toBe(two.bytes(encoder))
  expect(text(first.append(new EncodedFrame('c'), encoder).bytes(encoder))).toBe('ac')
  expect(text(one.bytes(encoder))).toBe('ab')
})

it('uses the encoded frame itself when it is alone', () => {
  const frame = new EncodedFrame('a')
  expect(new Batch(frame, encoder).bytes(encoder)).toBe(frame.bytes(encoder))
})
