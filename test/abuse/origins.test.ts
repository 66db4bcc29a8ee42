// Who may come from where: every kind of Origin at every way in, on a gateway that allows one origin besides its own. And what
// a page must not be able to do with somebody else's cookies or keys.

import { connect } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { exchange, upgradeRequest } from '../conformance/harness/raw.ts'
import { ADMIN_KEY } from '../gateway/harness/gateway.ts'
import { Target } from './harness/target.ts'
import { tokenOf } from './harness/token.ts'

let target: Target
beforeAll(async () => {
  target = await Target.start(['--allow-origin', 'https://app.example', '--allow-origin', 'http://localhost:5173'])
})
afterEach(() => target.expectUndisturbed())
afterAll(() => target.end())

const OWN_HOST = 'live.example:8443'
const END = 'Connection: close\r\n\r\n'

/** The ways in, each with a token that is good. The answer is the status. */
const WAYS: readonly (readonly [name: string, ask: (origin: string) => Promise<string>])[] = [
  [
    'a WebSocket',
    (origin) =>
      exchange(
        target.port,
        `${upgradeRequest('/realtime', { Host: OWN_HOST, Origin: origin })}\u0088\u0080\u0000\u0000\u0000\u0000`,
      ),
  ],
  ['an event stream', (origin) => post('/sse', origin, good())],
  ['a listening stream', (origin) => request('GET', '/sse', origin, `Authorization: Bearer ${tokenOf('ada')}\r\n`)],
  ['a poll', (origin) => post('/poll', origin, good())],
  ['a body', (origin) => post('/frames', origin, '{"connection":"c","session":"s","secret":"x","seq":1,"frames":[]}')],
  ['a preflight', (origin) => request('OPTIONS', '/frames', origin)],
]

const good = (): string => JSON.stringify({ type: 'connect', id: 1, token: tokenOf('ada') })

function request(method: string, path: string, origin: string, headers = '', body = ''): Promise<string> {
  const head = `${method} /realtime${path} HTTP/1.1\r\nHost: ${OWN_HOST}\r\nOrigin: ${origin}\r\n${headers}`
  return answerOf(`${head}${END}${body}`)
}

function post(path: string, origin: string, body: string): Promise<string> {
  return request('POST', path, origin, `Content-Length: ${body.length}\r\n`, body)
}

/** The head of the answer: streams are left as soon as they begin. */
async function answerOf(bytes: string): Promise<string> {
  const response = await new Promise<string>((resolve, reject) => {
    const socket = connect(target.port, '127.0.0.1', () => socket.write(bytes))
    let answer = ''
    socket.setEncoding('latin1').on('data', (text: string) => {
      answer += text
      if (answer.includes('\r\n\r\n')) socket.destroy()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
  })
  return response
}

const FOREIGN = [
  'https://evil.example',
  'null',
  'https://app.example.evil.example',
  'https://evilapp.example',
  'https://app.example@evil.example',
  'https://evil.example/https://app.example',
  'http://app.example',
  'https://app.example:8443',
  'https://app.example.',
  'https://sub.app.example',
  'https://live.example',
  'https://live.example:8444',
  `https://${OWN_HOST}.evil.example`,
  'http://localhost:5174',
  'http://127.0.0.1:5173',
  'file://',
  'chrome-extension://abcdef',
  `ftp://${OWN_HOST}`,
  `javascript://${OWN_HOST}`,
  '*',
  '',
  'https://app.example, https://evil.example',
  'https://app.example https://evil.example',
]

describe.each(WAYS)('%s', (_, ask) => {
  it.each(FOREIGN)('CONN-3, POST-9: does not open to the origin %j', async (origin) => {
    const answer = await ask(origin)
    expect(answer).toMatch(/^HTTP\/1\.1 403 /)
    expect(answer).not.toMatch(/access-control-allow/i)
  })

  it.each([
    'https://app.example',
    'http://localhost:5173',
    `https://${OWN_HOST}`,
    `http://${OWN_HOST}`,
    'HTTPS://APP.EXAMPLE',
  ])('CONN-3, POST-9: opens to the origin %j', async (origin) => {
    const answer = await ask(origin)
    expect(answer).not.toMatch(/^HTTP\/1\.1 403 /)
    if (!answer.startsWith('HTTP/1.1 101')) expect(answer).toContain(`Access-Control-Allow-Origin: ${origin}\r\n`)
    expect(answer).not.toContain('Access-Control-Allow-Origin: *')
  })
})

describe('cookies', () => {
  const cookie = (): string => `Cookie: token=${tokenOf('ada')}; session=${tokenOf('ada')}\r\n`

  it.each(['', 'Sec-Fetch-Site: cross-site\r\n', 'Sec-Fetch-Site: same-site\r\n', 'Sec-Fetch-Site: none\r\n'])(
    'AUTH-9, SSE-11: connect nobody without an Origin (%j)',
    async (headers) => {
      const body = JSON.stringify({ type: 'connect', id: 1 })
      for (const path of ['/sse', '/poll']) {
        const head = `POST /realtime${path} HTTP/1.1\r\nHost: ${OWN_HOST}\r\n${headers}${cookie()}`
        expect(await answerOf(`${head}Content-Length: ${body.length}\r\n${END}${body}`)).toMatch(/^HTTP\/1\.1 401 /)
      }
      expect(await answerOf(`GET /realtime/sse HTTP/1.1\r\nHost: ${OWN_HOST}\r\n${headers}${cookie()}${END}`)).toMatch(
        /^HTTP\/1\.1 401 /,
      )
    },
  )

  it('open no route of the API, and no answer of it can be read by a page', async () => {
    for (const path of ['/api/v1/connections', '/api/v1/channels']) {
      const response = await fetch(`${target.gateway.url}${path}`, {
        headers: { cookie: 'admin=an-admin-key-of-the-tests', origin: 'https://app.example' },
      })
      expect(response.status).toBe(401)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })

  it('of the operations page are SameSite=Strict, and good for nothing that another page asks', async () => {
    const url = `${target.gateway.url}/api/v1/session`
    const signIn = (key: string, headers: Record<string, string>): Promise<Response> =>
      fetch(url, {
        method: 'POST',
        body: JSON.stringify({ key }),
        headers: { 'content-type': 'application/json', ...headers },
      })
    const own = { 'sec-fetch-site': 'same-origin', origin: target.gateway.url }
    for (const headers of [{ origin: 'https://app.example' }, { origin: 'null' }, { 'sec-fetch-site': 'cross-site' }])
      expect((await signIn(ADMIN_KEY, headers as Record<string, string>)).status).toBe(403)
    const refused = await signIn('not the key', own)
    expect([refused.status, refused.headers.getSetCookie()]).toEqual([403, []])
    const [set = ''] = (await signIn(ADMIN_KEY, own)).headers.getSetCookie()
    expect(set).toMatch(/; HttpOnly; SameSite=Strict$/)
    const given = set.split(';')[0] ?? ''
    const close = (cookie: string, headers: Record<string, string>): Promise<Response> =>
      fetch(`${target.gateway.url}/api/v1/connections/close-all`, { method: 'POST', headers: { cookie, ...headers } })
    for (const origin of ['https://app.example', 'https://evil.example', 'null'])
      expect((await close(given, { origin, 'sec-fetch-site': 'cross-site' })).status).toBe(401)
    expect((await close(given, {})).status).toBe(401)
    const [name = '', value = ''] = given.split('=', 2)
    const [until = '', signature = ''] = value.split('.')
    const forged = [
      `${Number(until) + 1}.${signature}`,
      `${until}.`,
      `${until}.${signature}x`,
      `9e9.${signature}`,
      until,
      '',
    ]
    for (const value_ of forged) expect((await close(`${name}=${value_}`, own)).status).toBe(401)
  })

  it('are asked for nowhere else, and pages run nothing but their own files', async () => {
    for (const path of ['/', '/dashboard/', '/dashboard', '/nothing', '/realtime/health', '/health/ready']) {
      const { headers } = await fetch(`${target.gateway.url}${path}`, { headers: { accept: 'text/html' } })
      expect(headers.getSetCookie()).toEqual([])
      if (!(headers.get('content-type') ?? '').startsWith('text/html')) continue
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toMatch(/^default-src 'self';/)
      expect(policy).toContain("frame-ancestors 'none'")
      expect(policy).not.toMatch(/unsafe|\*|data:/)
    }
  })
})
