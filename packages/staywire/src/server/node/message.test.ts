import { describe, expect, it } from 'vitest'
import { partsOf } from './message.ts'

const parts = (text: string, phase: 'awaiting' | 'connected' = 'connected', frameBytes = 1_000) =>
  partsOf(text, text.length, phase, frameBytes)

describe('a message of several frames', () => {
  it('BATCH-1: is its elements, in order', () => {
    expect(parts('[{"a":1},{"b":2}]')).toEqual([
      { value: { a: 1 }, bytes: 9 },
      { value: { b: 2 }, bytes: 9 },
    ])
  })

  it('BATCH-1, LIM-2: is measured frame by frame where one of them may be too large', () => {
    const large = JSON.stringify([{ a: 1 }, { b: 'é'.repeat(500) }])
    expect(parts(large, 'connected', 400)?.map(({ bytes }) => bytes)).toEqual([7, 1_008])
    const deep = `[{"a":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`
    expect(parts(deep)?.map(({ bytes }) => bytes)).toEqual([Infinity])
  })

  it.each(['{}', '[]', '[', '[1]', '[{},[]]', '[{},null]', '["[]"]', ' [{}]', `[${'{},'.repeat(256)}{}]`])(
    'BATCH-1: is no other text: %s',
    (text) => expect(parts(text)).toBeUndefined(),
  )

  it('CONN-6: is not even parsed when it is too large for who is not connected', () => {
    const large = `[{"type":"connect","token":"${'x'.repeat(70_000)}"}]`
    expect(parts(large, 'awaiting')).toBeUndefined()
    expect(parts(large)).toHaveLength(1)
  })
})
