import { describe, expect, it } from 'vitest'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Identity } from '../options.ts'
import { identityOf } from './authentication.ts'

const request = (token?: string, browser?: string) => ({
  token,
  address: '',
  headers: {},
  url: '',
  origin: browser === undefined ? {} : { browser },
})

function ask(
  authenticate: (() => Identity | null | Promise<Identity | null>) | undefined,
  more: { token?: string; browser?: string; anonymous?: boolean } = {},
) {
  const failed: unknown[] = []
  const terms = {
    authenticate,
    anonymous: more.anonymous ?? false,
    name: () => 'minted',
    wall: () => 1_000,
    failed: (error: unknown) => void failed.push(error),
  }
  return identityOf(request(more.token, more.browser), terms).then((answer) => ({ answer, failed }))
}

describe('authentication', () => {
  it('AUTH-4: answers the identity and in how long it expires', async () => {
    const identity = { user: 'ada', expiresAt: 61_000 }
    expect(await ask(async () => identity, { token: 't' })).toEqual({
      answer: { kind: 'identity', identity, expiresInMs: 60_000 },
      failed: [],
    })
  })

  it.each([
    ['AUTH-1: no token and nobody known is 4001', () => null, {}, 4001],
    ['AUTH-1: without an authenticate nobody is let in', undefined, { token: 't' }, 4002],
    ['AUTH-2: a refused token is 4002', () => null, { token: 't' }, 4002],
    ['AUTH-2: an identity that has expired is 4004', () => ({ user: 'ada', expiresAt: 1_000 }), { token: 't' }, 4004],
  ])('%s', async (_, authenticate, more, code) => {
    expect((await ask(authenticate, more)).answer).toEqual({ kind: 'turned-away', code })
  })

  it('AUTH-2: an identity that may not connect is 4003, and no error of the application', async () => {
    const refuse = (): never => {
      throw new StaywireError('forbidden', 'Banned.')
    }
    expect(await ask(refuse, { token: 't' })).toEqual({ answer: { kind: 'turned-away', code: 4003 }, failed: [] })
  })

  it.each([
    ['throws', () => Promise.reject(new Error('down'))],
    ['answers no user', () => ({ user: '' })],
    ['answers a number', () => ({ user: 7 as unknown as string })],
    ['answers a name of the library’s own', () => ({ user: 'anon:b' })],
    ['answers data that is no JSON', () => ({ user: 'ada', data: 1n as unknown as number })],
    ['subscribes to what is no channel', () => ({ user: 'ada', subscriptions: ['"'] })],
    ['answers an expiry that is none', () => ({ user: 'ada', expiresAt: Number.NaN })],
    ['answers a time of issue that is none', () => ({ user: 'ada', issuedAt: Infinity })],
    ['answers an endless token id', () => ({ user: 'ada', tokenId: 'x'.repeat(257) })],
  ])('AUTH-3: an authenticate that %s is 4104, and the application is told', async (_, authenticate) => {
    const { answer, failed } = await ask(authenticate, { token: 't' })
    expect([answer, failed.length]).toEqual([{ kind: 'turned-away', code: 4104 }, 1])
  })

  it('AUTH-14: what the application throws is told without the token, however deep it quotes it', async () => {
    const token = 'mellon.s3cret'
    const fail = (): never => {
      throw new TypeError(`no row for ${token}`, { cause: new Error('lower', { cause: `select ${token}` }) })
    }
    const { failed } = await ask(fail, { token })
    const error = failed[0] as Error
    expect(error).toMatchObject({ name: 'TypeError', message: 'no row for [token]' })
    expect((error.cause as Error).cause as string).toBe('select [token]')
    expect(error.stack).toContain('authentication.test.ts')
    expect(error.stack).not.toContain(token)
    const harmless = new Error('down')
    expect((await ask(() => Promise.reject(harmless), { token })).failed).toEqual([harmless])
  })

  it('lets anonymous visitors in by their browser, but nobody with a bad token', async () => {
    expect((await ask(undefined, { anonymous: true, browser: 'b7' })).answer).toMatchObject({
      identity: { user: 'anon:b7' },
    })
    expect((await ask(() => null, { anonymous: true })).answer).toMatchObject({ identity: { user: 'anon:minted' } })
    expect((await ask(() => null, { anonymous: true, token: 'bad' })).answer).toEqual({
      kind: 'turned-away',
      code: 4002,
    })
  })
})
