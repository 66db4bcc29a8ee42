import { afterEach, expect, it, vi } from 'vitest'
import type { ClientOptions } from './api.ts'
import { createClient } from './index.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  Reflect.deleteProperty(globalThis, Symbol.for('staywire.clients.v1'))
})

/** A WebSocket that never opens. */
class Silent {
  static urls: string[] = []
  onopen = null
  onmessage = null
  onclose = null
  onerror = null
  constructor(url: string) {
    Silent.urls.push(url)
  }
  close(): void {}
}
const WebSocket = Silent as unknown as NonNullable<ClientOptions['WebSocket']>

function inPage(href = 'https://app.example/'): void {
  Silent.urls = []
  vi.stubGlobal('location', { href })
}

it('a page has one client per URL and identity, and dials it once', async () => {
  inPage()
  const client = createClient('/realtime', { WebSocket })
  expect(createClient('https://app.example/realtime', { WebSocket })).toBe(client)
  expect(createClient('/realtime', { WebSocket, identity: 'bob' })).not.toBe(client)
  expect(createClient('/other', { WebSocket })).not.toBe(client)
  client.connect().catch(() => {})
  createClient('/realtime', { WebSocket })
    .connect()
    .catch(() => {})
  // What dials is loaded first.
  await vi.waitFor(() => expect(Silent.urls).not.toEqual([]))
  expect(Silent.urls).toEqual(['wss://app.example/realtime'])
  client.close()
})

it('a second copy of the library, as after a hot reload or in another bundle, finds the same client', async () => {
  inPage()
  const client = createClient('/realtime', { WebSocket })
  vi.resetModules()
  const copy = await import('./index.ts')
  expect(copy.createClient).not.toBe(createClient)
  expect(copy.createClient('/realtime', { WebSocket })).toBe(client)
})

it('warns once when the options differ, and keeps the first', () => {
  inPage()
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  createClient('/realtime', { getToken: () => 'a', lingerMs: 5 })
  createClient('/realtime', { getToken: () => 'b', lingerMs: 5 })
  expect(warn).not.toHaveBeenCalled()
  createClient('/realtime', { lingerMs: 6 })
  createClient('/realtime', { lingerMs: 7 })
  expect(warn).toHaveBeenCalledTimes(1)
  warn.mockRestore()
})

it('a closed client is forgotten: the next call makes another', () => {
  inPage()
  const client = createClient('/realtime', { WebSocket })
  client.close()
  expect(createClient('/realtime', { WebSocket })).not.toBe(client)
})

it('a URL that a page cannot use throws at once', () => {
  inPage()
  expect(() => createClient('ws://app.example/realtime')).toThrow(expect.objectContaining({ code: 'bad-url' }))
})

it('in Node each call makes a client; a relative URL fails when it is dialled, so that pages can be rendered', async () => {
  const client = createClient('/realtime', { WebSocket })
  expect(createClient('/realtime', { WebSocket })).not.toBe(client)
  await expect(client.connect()).rejects.toMatchObject({
    code: 'disconnected',
    message: expect.stringContaining('/realtime cannot be dialled'),
  })
  expect(client.status).toBe('stopped')
})

it('importing it does nothing', async () => {
  const before = Reflect.ownKeys(globalThis)
  vi.resetModules()
  vi.useFakeTimers()
  await import('./index.ts')
  expect([vi.getTimerCount(), Reflect.ownKeys(globalThis).filter((key) => !before.includes(key))]).toEqual([0, []])
  vi.useRealTimers()
})
