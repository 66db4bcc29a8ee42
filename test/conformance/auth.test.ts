// Who gets in, for how long, and with what.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { StaywireError } from 'staywire/protocol'
import type { AuthenticateRequest, Identity } from 'staywire/server'
import { hostForTest } from './harness/host.ts'
import { Peer } from './harness/peer.ts'

const DAYS_60 = 60 * 86_400_000

/** `ada` and `eve` are known; `ada/500` expires in 500 ms; `banned` may not connect; `broken` and `slow` are the host's fault. */
const authenticate = async ({ token = '', headers }: AuthenticateRequest): Promise<Identity | null> => {
  if (token === 'broken') throw new Error('database down')
  if (token === 'slow') await sleep(3_000)
  if (token === 'banned') throw new StaywireError('forbidden', 'You are banned.')
  const [user = '', expiresInMs] = token.split('/')
  if (!['ada', 'eve'].includes(user)) return headers['cookie'] === 'user=ada' ? { user: 'ada' } : null
  return { user, ...(expiresInMs !== undefined && { expiresAt: Date.now() + Number(expiresInMs) }) }
}
const start = (more: object = {}) => hostForTest({ authenticate, limits: { decisionTimeoutMs: 300 }, ...more })
const ending = async (url: string, connect: object): Promise<number> => {
  const peer = await Peer.open(url)
  peer.send({ type: 'connect', id: 1, ...connect })
  return (await peer.ended).code
}

describe('connect', () => {
  it('AUTH-1: without credentials is closed with 4001, or let in where anonymous users are', async () => {
    expect(await ending((await start()).url, {})).toBe(4001)
    const peer = await (await start({ anonymous: true })).open()
    peer.send({ type: 'connect', id: 1, origin: { browser: 'b1' } })
    expect(await peer.next()).toMatchObject({ type: 'connected', user: 'anon:b1' })
  })

  it.each([
    ['nobody', 4002],
    ['', 4002],
    ['ada/-1000', 4004],
    ['banned', 4003],
  ])('AUTH-2: the token %j is closed with %d', async (token, code) => {
    expect(await ending((await start()).url, { token })).toBe(code)
  })

  it.each(['broken', 'slow'])(
    'AUTH-3: when `authenticate` is %s it is 4104, not the fault of the token',
    async (token) => {
      const { url } = await start()
      const since = performance.now()
      expect(await ending(url, { token })).toBe(4104)
      expect(performance.now() - since).toBeLessThan(2_000)
    },
  )

  it('AUTH-4: tells how long the token is good', async () => {
    const { connect } = await start()
    const { connected } = await connect('ada/60000')
    expect(connected['tokenExpiresInMs']).toBeGreaterThan(55_000)
    expect(connected['tokenExpiresInMs']).toBeLessThanOrEqual(60_000)
    expect((await connect('ada')).connected).not.toHaveProperty('tokenExpiresInMs')
  })

  it('AUTH-8: a token in the URL counts for nothing', async () => {
    const { url } = await start()
    for (const query of ['?token=ada', '?access_token=ada', '?authorization=Bearer%20ada'])
      expect(await ending(url + query, {})).toBe(4001)
  })

  it('AUTH-9: a cookie alone is nothing without an Origin, and enough with the own one', async () => {
    const { url, port } = await start()
    const open = (headers: Record<string, string>) => Peer.open(url, { headers: { cookie: 'user=ada', ...headers } })
    const alone = await open({})
    alone.send({ type: 'connect', id: 1 })
    expect((await alone.ended).code).toBe(4001)
    const page = await open({ origin: `http://127.0.0.1:${port}` })
    page.send({ type: 'connect', id: 1 })
    expect(await page.next()).toMatchObject({ type: 'connected', user: 'ada' })
  })
})

describe('refresh', () => {
  it('AUTH-5: a good token prolongs the connection', async () => {
    const { connect } = await start()
    const peer = await connect('ada/400')
    const answer = await peer.ask({ type: 'refresh', token: 'ada/60000' })
    expect(answer).toMatchObject({ type: 'result', tokenExpiresInMs: expect.any(Number) })
    expect(answer['tokenExpiresInMs']).toBeGreaterThan(55_000)
    await sleep(1_200)
    await peer.settle()
  })

  it('AUTH-6: a bad token is refused and the old one still counts', async () => {
    const { connect } = await start()
    const peer = await connect('ada/60000')
    for (const token of ['nobody', 'ada/-5'])
      expect(await peer.ask({ type: 'refresh', token })).toMatchObject({ type: 'error', code: 'token-refused' })
    await peer.settle()
  })

  it.each(['eve', 'banned'])(
    'AUTH-6: a token of somebody else, or of a user who may not connect, closes with 4003 (%s)',
    async (token) => {
      const { connect } = await start()
      const peer = await connect('ada')
      peer.send({ type: 'refresh', id: 5, token })
      expect((await peer.ended).code).toBe(4003)
    },
  )

  it('AUTH-7: an expired identity is closed with 4004, and not before', async () => {
    const { connect } = await start()
    const peer = await connect('ada/700')
    await sleep(500)
    await peer.settle()
    expect((await peer.ended).code).toBe(4004)
  }, 40_000)

  it('AUTH-7: an expiry in 60 days closes nothing now', async () => {
    const { connect } = await start()
    const peer = await connect(`ada/${DAYS_60}`)
    expect(peer.connected['tokenExpiresInMs']).toBeGreaterThan(DAYS_60 - 60_000)
    await sleep(500)
    await peer.settle()
  })
})
