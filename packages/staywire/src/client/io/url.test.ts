import { expect, it } from 'vitest'
import { requestUrl, resolveUrl } from './url.ts'

it.each([
  ['/realtime', 'https://app.example/rooms/1?x#y', 'wss://app.example/realtime'],
  ['/realtime', 'http://127.0.0.1:8080/', 'ws://127.0.0.1:8080/realtime'],
  ['live', 'http://app.example/a/b', 'ws://app.example/a/live'],
  ['https://api.example/realtime?v=2', undefined, 'wss://api.example/realtime?v=2'],
  ['http://api.example/realtime#top', undefined, 'ws://api.example/realtime'],
  ['ws://api.example/realtime', 'http://app.example/', 'ws://api.example/realtime'],
  ['wss://api.example/realtime', 'https://app.example/', 'wss://api.example/realtime'],
])('%s in %s is %s', (url, page, expected) => {
  expect(resolveUrl(url, page)).toBe(expected)
})

it.each([
  ['/realtime', undefined],
  ['', undefined],
  ['http://', 'https://app.example/'],
  ['ftp://api.example/', undefined],
  ['ws://api.example/', 'https://app.example/'],
  ['http://api.example/', 'https://app.example/'],
])('%s in %s is refused as bad-url, with a fix', (url, page) => {
  expect(() => resolveUrl(url, page)).toThrow(
    expect.objectContaining({ code: 'bad-url', fix: expect.stringContaining('wss:') }),
  )
})

it.each([
  ['wss://app.example/realtime?v=2', 'https://app.example/realtime/poll?v=2'],
  ['ws://app.example/', 'http://app.example/poll'],
  ['wss://ws.example/wss/ws', 'https://ws.example/wss/ws/poll'],
])('requests below %s go to %s', (url, expected) => {
  expect(requestUrl(url, 'poll')).toBe(expected)
})
