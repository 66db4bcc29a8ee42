import { describe, expect, it } from 'vitest'
import { TokenSources } from './token-sources.ts'

const asked = (url: string, headers: Record<string, string> = {}) => ({ url, headers, socket: {} })
const entry = (token: string) => `staywire.v1, staywire.token.${Buffer.from(token).toString('base64url')}`

describe('where a token comes from', () => {
  it('AUTH-8, AUTH-13: nothing but header and subprotocol, unless it was switched on by name', () => {
    const sources = new TokenSources()
    expect(sources.of(asked('/r?token=x', { cookie: 'token=x', origin: 'http://h' }), true)).toBeUndefined()
    expect(sources.of(asked('/r', { authorization: 'Bearer a' }), false)).toBe('a')
    expect(sources.of(asked('/r', { 'sec-websocket-protocol': entry('b') }), false)).toBe('b')
  })

  it('AUTH-13: the header before the subprotocol, that before the cookie, that before the URL', () => {
    const sources = new TokenSources({ tokenCookie: 'sid', tokenParameter: 'access_token' })
    const headers: Record<string, string> = {
      authorization: 'Bearer a',
      'sec-websocket-protocol': entry('b'),
      cookie: 'x=1; sid=c; sid=d',
    }
    const found: (string | undefined)[] = []
    for (const name of ['', 'authorization', 'sec-websocket-protocol', 'cookie']) {
      delete headers[name]
      found.push(sources.of(asked('/r?access_token=d%2B', headers), true))
    }
    expect(found).toEqual(['a', 'b', 'c', 'd+'])
  })

  it('AUTH-9: a cookie counts for nothing where nobody vouches for it', () => {
    const sources = new TokenSources({ tokenCookie: 'sid' })
    expect(sources.of(asked('/r', { cookie: 'sid=c' }), false)).toBeUndefined()
    expect(sources.of(asked('/r', { cookie: 'sid="c"' }), true)).toBe('c')
    expect(sources.of(asked('/r', { cookie: 'xsid=c; sid' }), true)).toBeUndefined()
  })

  it('AUTH-14: is taken out of the URL, and everything else stays', () => {
    const sources = new TokenSources({ tokenParameter: 'access_token' })
    expect(sources.without('/r?access_token=s3cret')).toBe('/r')
    expect(sources.without('/r?channel=a%3A1&access_token=s3cret&access_token=again&x=1')).toBe('/r?channel=a%3A1&x=1')
    expect(sources.without('/r?channel=a:1')).toBe('/r?channel=a:1')
    expect(new TokenSources().without('/r?access_token=x')).toBe('/r?access_token=x')
  })

  it.each(['', 'channel', 'a b', 'a;b', 'x'.repeat(65)])('refuses the name %j', (tokenParameter) => {
    expect(() => new TokenSources({ tokenParameter })).toThrow('cannot be used')
  })
})
