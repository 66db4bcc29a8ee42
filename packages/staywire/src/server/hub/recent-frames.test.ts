import { expect, it } from 'vitest'
import { RecentFrames } from './recent-frames.ts'

const publication = (offset: number) => ({ offset, data: '"x"', at: 1 })

it('shares one encoding of a publication between all who recover it', () => {
  const recent = new RecentFrames()
  const one = publication(1)
  expect(recent.get('a', one)).toBe(recent.get('a', one))
})

it('forgets the oldest encodings beyond its bound', () => {
  const recent = new RecentFrames(200)
  const first = publication(1)
  const frame = recent.get('a', first)
  for (let offset = 2; offset < 100; offset++) recent.get('a', publication(offset))
  expect(recent.chars).toBeLessThanOrEqual(200)
  expect(recent.get('a', first)).not.toBe(frame)
})
