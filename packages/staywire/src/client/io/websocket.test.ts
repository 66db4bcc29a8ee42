import { expect, it, vi } from 'vitest'
import { openLink } from './websocket.ts'

/** A WebSocket that does what a test says. */
class Fake {
  static readonly made: Fake[] = []
  readonly readyState = 0
  onopen: ((event: never) => void) | null = null
  onmessage: ((event: never) => void) | null = null
  onclose: ((event: never) => void) | null = null
  onerror: ((event: never) => void) | null = null
  readonly calls: unknown[][] = []

  constructor(...args: unknown[]) {
    this.calls.push(['new', ...args])
    Fake.made.push(this)
  }

  send(text: string): void {
    this.calls.push(['send', text])
  }

  close(...args: unknown[]): void {
    this.calls.push(['close', ...args])
  }
}

function setUp(url: () => string = () => 'ws://x/') {
  const told: unknown[] = []
  const listener = {
    opened: () => told.push('opened'),
    text: (text: string) => told.push(text),
    ended: (ending: object) => told.push(ending),
  }
  const link = openLink(url, Fake, listener, undefined)
  return { link, told, socket: Fake.made.at(-1)! }
}

it('CONN-1: offers the subprotocol, carries texts, and tells the close code', async () => {
  const { link, told, socket } = setUp()
  socket.onopen?.({} as never)
  link?.send('out')
  await Promise.resolve()
  socket.onmessage?.({ data: 'in' } as never)
  socket.onmessage?.({ data: new ArrayBuffer(1) } as never)
  socket.onclose?.({ code: 4101, reason: 'bye' } as never)
  expect(socket.calls).toEqual([
    ['new', 'ws://x/', 'staywire.v1'],
    ['send', 'out'],
  ])
  expect(told).toMatchObject(['opened', 'in', { code: 4101, reason: 'bye' }])
})

it('BATCH-5: what is sent in one turn goes in one message, in order, up to its limits', async () => {
  const { link, socket } = setUp()
  for (const text of ['{"a":1}', '{"a":2}', '{"a":3}']) link?.send(text)
  expect(socket.calls).toHaveLength(1)
  await Promise.resolve()
  link?.send('{"a":4}')
  await Promise.resolve()
  expect(socket.calls.slice(1)).toEqual([
    ['send', '[{"a":1},{"a":2},{"a":3}]'],
    ['send', '{"a":4}'],
  ])
  for (let n = 0; n < 257; n++) link?.send('{}')
  link?.send(`{"a":"${'x'.repeat(20_000)}"}`)
  link?.send('{"type":"disconnect"}')
  link?.abandon()
  const sent = socket.calls.slice(3).map(([, text]) => (text === undefined ? undefined : JSON.parse(text as string)))
  expect(sent.map((message) => (Array.isArray(message) ? message.length : typeof message))).toEqual([
    256,
    'object',
    'object',
    'object',
    'undefined',
  ])
})

it('CLI-8: an abandoned socket has no handlers left, is closed, and tells nothing', () => {
  const { link, told, socket } = setUp()
  link?.abandon()
  expect([socket.onopen, socket.onmessage, socket.onclose]).toEqual([null, null, null])
  expect(socket.calls.at(-1)).toEqual(['close'])
  expect(() => socket.onerror?.({} as never)).not.toThrow()
  expect(told).toEqual([])
})

it('a URL that cannot be used, or a runtime without WebSocket, is a hopeless ending', () => {
  const { told } = setUp(() => {
    throw new Error('no such place')
  })
  expect(told).toMatchObject([{ hopeless: true, reason: expect.stringContaining('no such place') }])
  vi.stubGlobal('WebSocket', undefined)
  const ended = vi.fn()
  expect(openLink(() => 'ws://x/', undefined, { opened() {}, text() {}, ended }, undefined)).toBeUndefined()
  expect(ended).toHaveBeenCalledWith(
    expect.objectContaining({ hopeless: true, reason: expect.stringContaining('WebSocket') }),
  )
  vi.unstubAllGlobals()
})
