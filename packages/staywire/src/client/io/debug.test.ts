import { expect, it, vi } from 'vitest'
import { log, redact } from './debug.ts'

it('takes tokens and secrets out of what it logs', () => {
  const frame = { type: 'connect', token: 'a"b\\c', session: { id: 's', secret: 'hidden' }, subscriptions: [] }
  expect(redact(JSON.stringify(frame))).toBe(
    '{"type":"connect","token":"…","session":{"id":"s","secret":"…"},"subscriptions":[]}',
  )
})

it('logs to the console', () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
  log('→', '{"type":"ping"}')
  expect(debug.mock.calls).toEqual([['[staywire]', '→', '{"type":"ping"}']])
  debug.mockRestore()
})
