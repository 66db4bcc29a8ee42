import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { Origins } from './origin.ts'
import type { Approach } from '../connection/link.ts'
import { TokenSources } from './token-sources.ts'
import { approachOf as read, chooseSubprotocol, isWellFormed, pathOf, type Asked } from './upgrade.ts'

const approachOf = (asked: Asked, subprotocol: string): Approach =>
  read(asked, { subprotocol, tokens: new TokenSources(), address: '', vouched: asked.headers.origin !== undefined })

const request = (url: string, headers: Record<string, string> = {}): IncomingMessage =>
  ({ url, headers, socket: { remoteAddress: '192.0.2.7' } }) as unknown as IncomingMessage
const token = `staywire.token.${Buffer.from('s3cret').toString('base64url')}`

describe('the subprotocol', () => {
  it.each([
    ['CONN-1: ours is chosen wherever it stands', ['graphql-ws', token, 'staywire.v1'], 'staywire.v1'],
    ['CONN-2: another version is answered, to be closed', ['x', 'staywire.v9', 'staywire.v8'], 'staywire.v9'],
    ['CONN-1: a token is never echoed', [token], false],
    ['CONN-1: nothing of others is echoed', ['graphql-ws'], false],
  ])('%s', (_, offered, chosen) => {
    expect(chooseSubprotocol(new Set(offered))).toBe(chosen)
  })
})

describe('what comes with an upgrade', () => {
  it('takes a token from the header before one from the subprotocol, and never from the URL', () => {
    const offered = { 'sec-websocket-protocol': `staywire.v1, ${token}` }
    expect(approachOf(request('/r?token=x'), 'staywire.v1').token).toBeUndefined()
    expect(approachOf(request('/r', offered), 'staywire.v1').token).toBe('s3cret')
    expect(approachOf(request('/r', { ...offered, authorization: 'bearer abc' }), 'staywire.v1').token).toBe('abc')
    expect(approachOf(request('/r', { authorization: 'Basic abc' }), 'staywire.v1').token).toBeUndefined()
  })

  it('AUTH-9: leaves cookies out where there is no Origin', () => {
    expect(approachOf(request('/r', { cookie: 'a=1', host: 'h' }), '').headers).toEqual({ host: 'h' })
    expect(approachOf(request('/r', { cookie: 'a=1', origin: 'http://h' }), '').headers).toEqual({
      cookie: 'a=1',
      origin: 'http://h',
    })
  })

  it('BARE-1, BARE-2: makes a bare client of who brings credentials and offers nothing', () => {
    const authorization = 'Bearer t'
    expect(approachOf(request('/r?channel=a%3A1&channel=b&x=%ff', { authorization }), '').bare).toEqual({
      channels: ['a:1', 'b'],
    })
    expect(approachOf(request('/r', { cookie: 'a=1', origin: 'http://h' }), '').bare).toEqual({ channels: [] })
    expect(approachOf(request('/r?channel=a', {}), '').bare).toBeUndefined()
    expect(approachOf(request('/r?channel=a', { authorization }), 'staywire.v1').bare).toBeUndefined()
  })

  it('HTTP-1: no request target makes it throw', () => {
    for (const target of ['//', '//x?y', 'http://[', '*', '/%zz?%', '?', '/r?channel=%ff']) {
      expect(() => [
        pathOf(request(target)),
        approachOf(request(target, { authorization: 'Bearer t' }), ''),
        isWellFormed(request(target)),
      ]).not.toThrow()
    }
    expect(pathOf(request('/realtime?channel=a'))).toBe('/realtime')
  })
})

describe('origins', () => {
  const origins = new Origins(['https://App.example', 'http://localhost:5173/'])
  it.each([
    [undefined, 'h', true],
    ['http://h', 'h', true],
    ['https://H:8443', 'h:8443', true],
    ['https://app.example', 'h', true],
    ['http://localhost:5173', 'h', true],
    ['null', 'h', false],
    ['null', 'null', false],
    ['https://app.example.evil.example', 'h', false],
    ['http://app.example', 'h', false],
    ['http://h:81', 'h', false],
    ['http://h.evil', 'h', false],
    ['http://evil/h', 'h', false],
    ['http://a, http://h', 'h', false],
    ['file://h', 'h', false],
    ['http://h', undefined, false],
  ])('CONN-3: %s to host %s: %s', (origin, host, allowed) => {
    expect(origins.allows({ ...(origin !== undefined && { origin }), ...(host !== undefined && { host }) })).toBe(
      allowed,
    )
  })

  it('are refused when they are none', () => {
    for (const text of ['app.example', 'https://app.example/path', '*', 'null', '']) {
      expect(() => new Origins([text])).toThrow(expect.objectContaining({ code: 'bad-option' }))
    }
  })
})
