// The operations API mounted by an application of its own: closed unless it says who may, and clear about what it was sent.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOperations, type OperationsOptions } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { describe, expect, it, onTestFinished } from 'vitest'

async function mounted(options: OperationsOptions, watched = true): Promise<(...ask: Ask) => Promise<Answer>> {
  const operations = createOperations(options)
  const server = createServer({ observer: operations.observer })
  if (watched) operations.watch(server)
  const http = createHttpServer(
    (request, response) =>
      void operations.handler(request, response).then((answered) => {
        if (!answered) response.writeHead(404).end('the host')
      }),
  )
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    operations.stop()
    await server.close()
    http.close()
  })
  const { port } = http.address() as AddressInfo
  return async (method, path, init = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method, ...init })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true
    const code = isJson ? (JSON.parse(text) as { error?: { code: string } }).error?.code : undefined
    return { status: response.status, code, text }
  }
}

type Ask = readonly [method: string, path: string, init?: RequestInit]
interface Answer {
  readonly status: number
  readonly code: string | undefined
  readonly text: string
}

const routes = createOperations()
routes.stop()
const all = routes.routes.map(({ method, path }) => [method, path.replaceAll(/:\w+/g, 'x')] as const)

describe('the mounted API', () => {
  it.each<[string, OperationsOptions]>([
    ['nobody was named who may use it', {}],
    ['the application says no', { authorize: () => false }],
    [
      'the application cannot say',
      {
        authorize: () => {
          throw new Error('down')
        },
      },
    ],
    ['the application rejects', { authorize: () => Promise.reject(new Error('down')) }],
  ])('answers 403 on every route where %s', async (_, options) => {
    const ask = await mounted(options)
    for (const [method, path] of all)
      expect([path, await ask(method, path)]).toMatchObject([path, { status: 403, code: 'forbidden' }])
  })

  it('lets in whom the application lets in, by what the request brings', async () => {
    const ask = await mounted({ authorize: ({ headers }) => headers.authorization === 'Bearer key' })
    const headers = { authorization: 'Bearer key' }
    expect(await ask('GET', '/api/v1/overview')).toMatchObject({ status: 403 })
    expect(await ask('GET', '/api/v1/overview', { headers })).toMatchObject({ status: 200, code: undefined })
    const { status, text } = await ask('GET', '/metrics', { headers })
    expect(status).toBe(200)
    expect(text).toMatch(/^staywire_connections\{transport="websocket"\} 0$/m)
  })

  it('leaves alone what is none of its paths', async () => {
    const ask = await mounted({ authorize: () => true })
    for (const path of ['/', '/api/v1', '/api/v1/connections/', '/api/v1/connections/%zz', '/metrics/x', '//metrics'])
      expect([path, await ask('GET', path)]).toMatchObject([path, { status: 404, text: 'the host' }])
  })

  it.each<[string, number, string, Ask]>([
    ['a method that is not there', 405, 'method-not-allowed', ['PUT', '/api/v1/connections']],
    ['an unknown filter', 400, 'bad-request', ['GET', '/api/v1/closed?usr=ada']],
    ['a filter called __proto__', 400, 'bad-request', ['GET', '/api/v1/closed?__proto__=1']],
    ['a number that is none', 400, 'bad-request', ['GET', '/api/v1/closed?limit=many']],
    ['a word that is none', 400, 'bad-request', ['GET', '/api/v1/findings?severity=BAD']],
    ['a field that is missing', 400, 'bad-request', ['GET', '/api/v1/timeline']],
    ['a body that is no JSON', 400, 'bad-json', ['POST', '/api/v1/users/ada/ban', { body: '{' }]],
    ['a body that is no object', 400, 'bad-request', ['POST', '/api/v1/users/ada/ban', { body: '[1]' }]],
    ['a duration that is none', 400, 'bad-request', ['POST', '/api/v1/users/ada/ban', { body: '{"forMs":-1}' }]],
    [
      'a body that is too large',
      413,
      'payload-too-large',
      ['POST', '/api/v1/users/a/ban', { body: ' '.repeat(70_000) }],
    ],
    ['a connection that is not there', 404, 'no-connection', ['DELETE', '/api/v1/connections/x']],
  ])('says what is wrong with %s', async (_, status, code, ask) => {
    const api = await mounted({ authorize: () => true })
    expect(await api(...ask)).toMatchObject({ status, code })
  })

  it('answers 503 before it has a server to ask', async () => {
    const ask = await mounted({ authorize: () => true }, false)
    expect(await ask('GET', '/api/v1/connections')).toMatchObject({ status: 503, code: 'starting' })
    expect(await ask('GET', '/metrics')).toMatchObject({ status: 200 })
  })
})
