import { expect, test } from 'vitest'
import { bodyOf, sequenceIn } from '../wire/body.ts'
import { readToken } from '../wire/token.ts'
import { ANSWER, DELIVERY, OTHER, type Dialect } from './dialect.ts'
import { plain } from './plain.ts'
import { socketIo } from './socket-io.ts'
import { staywire } from './staywire.ts'
import { plainStream, staywireStream } from './stream.ts'

const body = bodyOf(41)
const kind = (dialect: Dialect, text: string) => dialect.kindOf(Buffer.from(`--${text}`), 2, 2 + text.length)

test('a body is 64 bytes and its number is found in whatever surrounds it', () => {
  expect(Buffer.byteLength(body)).toBe(64)
  expect(sequenceIn(`42["m","${body}"]`)).toBe(41)
  expect(sequenceIn('{"type":"ping"}')).toBe(-1)
})

test('plain frames are told apart by their first byte', () => {
  expect(kind(plain, body)).toBe(DELIVERY)
  expect(kind(plain, 'a')).toBe(ANSWER)
  expect(kind(plain, plain.echo(1, body))).toBe(ANSWER)
})

test('Socket.IO events are deliveries, acknowledgements are answers, pings are neither', () => {
  expect(kind(socketIo, `42["m","${body}"]`)).toBe(DELIVERY)
  expect(kind(socketIo, '437[]')).toBe(ANSWER)
  expect(kind(socketIo, '2')).toBe(OTHER)
  expect(socketIo.respond('2')).toBe('3')
})

test('Staywire publications are deliveries, published and result are answers, all others count for nothing', () => {
  expect(kind(staywire, `{"type":"publication","channel":"c0","offset":1,"data":"${body}"}`)).toBe(DELIVERY)
  expect(kind(staywire, '{"type":"published","id":2}')).toBe(ANSWER)
  expect(kind(staywire, '{"type":"result","id":2}')).toBe(ANSWER)
  for (const other of ['ping', 'pong', 'error', 'presence', 'subscribed', 'disconnect']) {
    expect(kind(staywire, `{"type":"${other}"}`)).toBe(OTHER)
  }
  expect(staywire.respond('{"type":"ping"}')).toBe('{"type":"pong"}')
})

test('a Staywire connection opens with a token its server accepts, and is ready after its last subscription', () => {
  const role = { index: 7, channels: ['c7', 'd7'], secret: 'secret' }
  const connect = JSON.parse(staywire.opening(role)[0] ?? '') as { token: string; subscriptions: unknown }
  expect(readToken(connect.token, 'secret')).toBe('user-7')
  expect(readToken(connect.token, 'another')).toBeUndefined()
  expect(connect.subscriptions).toEqual([{ channel: 'c7' }, { channel: 'd7' }])
  expect(staywire.joining?.('{"type":"connected"}', role)).toBe('wait')
  expect(staywire.joining?.('{"type":"subscribed","channel":"c7"}', role)).toBe('wait')
  expect(staywire.joining?.('{"type":"subscribed","channel":"d7"}', role)).toBe('ready')
  expect(() => staywire.joining?.('{"type":"error","code":"unauthorized"}', role)).toThrow('unauthorized')
})

test('a stream is asked for in one request, and its pings are answered in a body with its credentials', () => {
  const role = { index: 3, channels: ['c0'], secret: 'x' }
  expect(plainStream.request(role, 80)).toMatch(/^GET \/c0 HTTP\/1\.1\r\n/)
  const [head = '', body = ''] = staywireStream.request(role, 80).split('\r\n\r\n')
  expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
  expect(JSON.parse(body)).toMatchObject({ type: 'connect', subscriptions: [{ channel: 'c0' }] })
  const connected = '{"type":"connected","connection":"c","session":{"id":"s","secret":"t","ttlMs":1}}'
  const pong = staywireStream.respond?.('{"type":"ping"}', connected, 1, 80)?.split('\r\n\r\n')[1] ?? ''
  expect(JSON.parse(pong)).toEqual({ connection: 'c', session: 's', secret: 't', seq: 1, frames: [{ type: 'pong' }] })
  expect(staywireStream.respond?.('{"type":"join"}', connected, 1, 80)).toBeUndefined()
})
