import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { probe } from './probe.ts'

const url = (): string => 'wss://x.example/realtime?v=1'
beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it.each([
  [new Response('{}'), true],
  [new Response('{}', { status: 503 }), false],
  [new Response('', { status: 404 }), false],
  [undefined, false],
])('CAUSE-2, CAUSE-4: asks for <path>/health after a random wait: %o means %s', async (response, expected) => {
  const fetched = vi.fn(() => (response ? Promise.resolve(response) : Promise.reject(new TypeError('fetch failed'))))
  vi.stubGlobal('fetch', fetched)
  vi.spyOn(Math, 'random').mockReturnValue(0.5)
  const answer = probe(url)
  await vi.advanceTimersByTimeAsync(124)
  expect(fetched).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(1)
  expect(fetched.mock.calls).toMatchObject([['https://x.example/realtime/health?v=1', { cache: 'no-store' }]])
  expect(await answer).toBe(expected)
})
