import { expect, it, vi } from 'vitest'
import { createLog, redact } from './debug.ts'

it('takes tokens and secrets out of what it logs', () => {
  const frame = { type: 'connect', token: 'a"b\\c', session: { id: 's', secret: 'hidden' }, subscriptions: [] }
  expect(redact(JSON.stringify(frame))).toBe(
    '{"type":"connect","token":"…","session":{"id":"s","secret":"…"},"subscriptions":[]}',
  )
})

it('logs only when asked to', () => {
  const debug = vi.spyOn(console, 'debug').mockImplementation(() => {})
  expect(createLog()).toBeUndefined()
  expect(createLog(false)).toBeUndefined()
  createLog(true)?.('→', '{"type":"ping"}')
  expect(debug.mock.calls).toEqual([['[staywire]', '→', '{"type":"ping"}']])
  debug.mockRestore()
})

it('is switched on by a key in localStorage too', () => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', { getItem: (key: string) => (key === 'staywire:debug' ? '1' : null) })
  expect(createLog()).toBeTypeOf('function')
  vi.unstubAllGlobals()
})
