import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { recallTransport, rememberTransport, usableTransports } from './transports.ts'

const URL = 'wss://x.example/realtime'
const ALL = ['websocket', 'sse', 'poll'] as const

beforeEach(() => {
  const kept = new Map<string, string>()
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  }
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', storage)
  vi.useFakeTimers({ now: 1_700_000_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('the transport that worked', () => {
  it('FALL-6: is kept for a day, for its URL', () => {
    expect(recallTransport(URL, ALL)).toBeUndefined()
    rememberTransport(URL, 'sse')
    vi.setSystemTime(1_700_000_000_000 + 86_399_000)
    expect([recallTransport(URL, ALL), recallTransport('wss://y.example/realtime', ALL)]).toEqual(['sse', undefined])
    rememberTransport(URL, 'websocket')
    vi.setSystemTime(1_700_000_000_000 + 86_399_000 + 86_400_000)
    expect(recallTransport(URL, ALL)).toBeUndefined()
  })

  it('is not there where storage is forbidden or says something else', () => {
    localStorage.setItem(`staywire:transport ${URL}`, 'pigeon')
    expect(recallTransport(URL, ALL)).toBeUndefined()
    vi.stubGlobal('localStorage', {
      getItem() {
        throw new Error('forbidden')
      },
      setItem() {
        throw new Error('forbidden')
      },
    })
    expect(() => rememberTransport(URL, 'sse')).not.toThrow()
    expect(recallTransport(URL, ALL)).toBeUndefined()
  })
})

describe('the transports of a client', () => {
  it('FALL-1: are all of them by default, in the order of the option, without what the runtime lacks', () => {
    expect(usableTransports({})).toEqual(['websocket', 'sse', 'poll'])
    expect(usableTransports({ transports: ['poll', 'websocket'] })).toEqual(['poll', 'websocket'])
    vi.stubGlobal('WebSocket', undefined)
    expect(usableTransports({})).toEqual(['sse', 'poll'])
    expect(usableTransports({ transports: ['websocket'] })).toEqual(['websocket'])
    expect(usableTransports({ WebSocket: class {} as never })).toEqual(['websocket', 'sse', 'poll'])
  })

  it.each([[[]], [['carrier-pigeon']]])('%j is refused', (transports) => {
    expect(() => usableTransports({ transports: transports as never })).toThrow(
      expect.objectContaining({ code: 'bad-option', message: expect.stringContaining('websocket, sse, poll') }),
    )
  })
})
