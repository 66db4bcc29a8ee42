// Who may call what. Every route there is, from the gateway's own list.

import { request } from 'node:http'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { routesOf } from '@staywire/gateway/routes'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_KEY, SECRET, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

const listed = createServer()
const operations = createOperations()
const routes = routesOf({ server: listed, operations, readiness: { state: 'ready' }, now: Date.now })
const admin = routes
  .filter(({ access }) => access === 'admin')
  .map(({ method, path }) => [method, filledIn(path)] as const)
const anyones = routes.filter(({ access }) => access === 'anyone').map(({ method, path }) => [method, path] as const)
/** Signing in and out is for anybody who may try; what it takes to succeed is tested with it. */
const open = anyones.filter(([, path]) => path !== '/api/v1/session')
afterAll(async () => {
  operations.stop()
  await listed.close()
})

function filledIn(path: string): string {
  return path.replaceAll(/:\w+/g, 'something')
}

interface Status {
  readonly status: number
  readonly code: string
}

/** By hand: fetch chooses its own Host. */
function ask(
  gateway: Gateway,
  [method, path]: readonly [string, string],
  headers: Record<string, string> = {},
): Promise<Status> {
  return new Promise((resolve, reject) => {
    const asked = request(`${gateway.url}${path}`, { method, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('end', () => {
        const isJson = response.headers['content-type']?.startsWith('application/json') === true
        const { error } = (isJson ? JSON.parse(text) : {}) as { error?: { code: string } }
        resolve({ status: response.statusCode ?? 0, code: error?.code ?? '' })
      })
    })
    asked.on('error', reject)
    asked.end()
  })
}

const withKey = { authorization: `Bearer ${ADMIN_KEY}` }
/** What the routes answer to somebody who may: nothing was sent along, so some complain about that. */
const ADMITTED = expect.not.stringMatching(/^(unauthorized|forbidden|not-found)$/) as string

it('has admin routes for all that an operator may do, and the rest are health and signing in', () => {
  expect(admin.length).toBeGreaterThanOrEqual(8)
  expect(anyones).toEqual([
    ['GET', '/health/live'],
    ['GET', '/health/ready'],
    ['POST', '/api/v1/session'],
    ['DELETE', '/api/v1/session'],
  ])
})

describe('with an admin key', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(USUAL)
  })
  afterAll(() => gateway.stop())

  it.each(admin)('%s %s is 401 without a key, 403 with another, and open with the key', async (...route) => {
    expect(await ask(gateway, route)).toEqual({ status: 401, code: 'unauthorized' })
    expect(await ask(gateway, route, { authorization: 'Basic YTpi' })).toEqual({ status: 401, code: 'unauthorized' })
    const wrong = { authorization: `Bearer ${ADMIN_KEY.slice(0, -1)}X` }
    expect(await ask(gateway, route, wrong)).toEqual({ status: 403, code: 'forbidden' })
    const secret = { authorization: `Bearer ${SECRET}` }
    expect(await ask(gateway, route, secret)).toEqual({ status: 403, code: 'forbidden' })
    expect(await ask(gateway, route, withKey)).toMatchObject({ code: ADMITTED })
  })

  it.each(admin)('%s %s takes no key from the query or a cookie', async (method, path) => {
    const route = [method, `${path}?key=${ADMIN_KEY}&access_token=${ADMIN_KEY}`] as const
    expect(await ask(gateway, route, { cookie: `key=${ADMIN_KEY}` })).toMatchObject({ status: 401 })
  })

  it.each(open)('%s %s is open to everybody', async (...route) => {
    expect(await ask(gateway, route)).toEqual({ status: 200, code: '' })
  })
})

describe('without an admin key', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(['--jwt-secret', SECRET])
  })
  afterAll(() => gateway.stop())

  it.each(admin)('%s %s is not there', async (...route) => {
    expect(await ask(gateway, route)).toEqual({ status: 404, code: 'not-found' })
    expect(await ask(gateway, route, withKey)).toEqual({ status: 404, code: 'not-found' })
    expect(await ask(gateway, ['PUT', route[1]])).toEqual({ status: 404, code: 'not-found' })
  })
})

describe('in development', () => {
  let gateway: Gateway
  beforeAll(async () => {
    gateway = await startGateway(['--dev'])
  })
  afterAll(() => gateway.stop())

  it.each(admin)('%s %s is open to this machine only', async (...route) => {
    expect(await ask(gateway, route)).toMatchObject({ code: ADMITTED })
    expect(await ask(gateway, route, { host: 'localhost:5173', origin: 'http://localhost:5173' })).toMatchObject({
      code: ADMITTED,
    })
    for (const headers of [
      { host: 'rebound.example' },
      { 'x-forwarded-for': '203.0.113.7' },
      { forwarded: 'for=203.0.113.7' },
      { origin: 'https://evil.example' },
      { origin: 'null' },
    ]) {
      expect(await ask(gateway, route, headers as Record<string, string>)).toEqual({ status: 404, code: 'not-found' })
    }
  })

  it('the sign-in of the demo is open to this machine only', async () => {
    expect(await ask(gateway, ['POST', '/demo/sign-in'], { host: 'rebound.example' })).toEqual({
      status: 403,
      code: 'forbidden',
    })
    expect(await ask(gateway, ['POST', '/demo/sign-in'])).toEqual({ status: 400, code: 'bad-request' })
  })
})
