import { expect, it } from 'vitest'
import { z } from 'zod'
import { defineChannel } from './define-channel.ts'
import { describeIssues } from './schema.ts'

const data = z.object({ text: z.string() })

it('names channels of its pattern', () => {
  expect(defineChannel('chat:*', { data }).name('1')).toBe('chat:1')
  expect(defineChannel('a:*:b:**', { data }).name('x', 'y', 'z')).toBe('a:x:b:y:z')
})

it.each([[], ['1', '2'], ['a:b'], ['']])('refuses segments that do not fit: %j', (...segments) => {
  expect(() => defineChannel('chat:*', { data }).name(...segments)).toThrow(RangeError)
})

it('takes any Standard Schema and describes its issues in one line', async () => {
  const result = await data['~standard'].validate({ text: 7 })
  expect(result.issues === undefined ? '' : describeIssues(result.issues)).toMatch(/^text: .*string/)
})
