// Hostile HTTP: requests that are malformed, oversized, ambiguous or meant for something else. Each is answered or its socket is
// closed, the next request is not taken for a part of it, and nobody else notices. test/conformance/http.test.ts has more.

import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { exchange, overhear, upgradeRequest } from '../conformance/harness/raw.ts'
import { NOISE_MS } from './harness/bystander.ts'
import { ADMIN_KEY } from '../gateway/harness/gateway.ts'
import { Target } from './harness/target.ts'
import { tokenOf } from './harness/token.ts'

let target: Target
beforeAll(async () => {
  target = await Target.start()
})
afterEach(() => target.expectUndisturbed())
afterAll(() => target.end())

const REFUSED = /^(HTTP\/1\.1 4\d\d |$)/
const UPGRADED = /^HTTP\/1\.1 101 /
const END = 'Connection: close\r\n\r\n'
const CONNECT = JSON.stringify({ type: 'connect', id: 1 })
const NEXT = `GET /health/live HTTP/1.1\r\nHost: x\r\n${END}`

/** A request, its end included. */
function post(path: string, headers: string, body = ''): string {
  return `POST ${path} HTTP/1.1\r\nHost: x\r\n${headers}${END}${body}`
}

/** An upgrade that is sent, read for a moment and left. */
async function upgrade(headers: Readonly<Record<string, string>>, path = '/realtime'): Promise<string> {
  const host = `127.0.0.1:${target.port}`
  // The close frame (RFC 6455 §5.5.1) ends it, so that the server's answer can be read to its end.
  return exchange(
    target.port,
    `${upgradeRequest(path, { Host: host, ...headers })}\u0088\u0080\u0000\u0000\u0000\u0000`,
  )
}

describe('headers', () => {
  it.each([
    ['3,000 of them', 'a: 1\r\n'.repeat(3_000)],
    ['16 KiB in one', `X-Long: ${'x'.repeat(16_384)}\r\n`],
    ['one folded over lines', 'X-Folded: a\r\n b\r\n'],
    ['a NUL in a value', 'X-Bad: a\u0000b\r\n'],
    ['a space before the colon', 'Content-Length : 5\r\n'],
    ['a name with a CR', 'X\rY: 1\r\n'],
    ['both Content-Length and Transfer-Encoding', 'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n'],
    ['two Content-Lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n'],
    ['a negative Content-Length', 'Content-Length: -1\r\n'],
    ['a Content-Length that is no number', 'Content-Length: 0x10\r\n'],
    ['a Transfer-Encoding nobody knows', 'Transfer-Encoding: chunked, banana\r\n'],
  ])('HTTP-1: %s: the request is refused', async (_, headers) => {
    expect(await exchange(target.port, post('/realtime/sse', headers, CONNECT))).toMatch(REFUSED)
    expect(await exchange(target.port, `GET /realtime HTTP/1.1\r\nHost: x\r\n${headers}${END}`)).toMatch(REFUSED)
  })

  it('HTTP-1: more than Node keeps, before those of an upgrade, are refused', async () => {
    const many = Object.fromEntries(Array.from({ length: 2_100 }, (_, n) => [n.toString(36), '']))
    const bytes = upgradeRequest('/realtime', { Host: 'x', ...many })
    const moved = bytes.replace(/(Connection: Upgrade\r\nUpgrade: websocket\r\n)(.*)\r\n\r\n$/s, '$2\r\n$1\r\n')
    expect(await exchange(target.port, moved)).toMatch(REFUSED)
  })

  it.each(['constructor', 'hasOwnProperty', 'toString', '__defineGetter__'])(
    'HTTP-1: one called %s is one like any other',
    async (name) => {
      expect(await exchange(target.port, `GET /health/live HTTP/1.1\r\nHost: x\r\n${name}: y\r\n${END}`)).toMatch(
        /^HTTP\/1\.1 200 /,
      )
      expect(await upgrade({ [name]: 'y' })).toMatch(UPGRADED)
    },
  )

  // Node itself reads `__proto__` of an object when a header is called that, which `--disable-proto=throw` forbids to it too.
  it.each(['', '--disable-proto=delete'])(
    'HTTP-1: one called __proto__ is one like any other (%s)',
    async (nodeOptions) => {
      const plain = await Target.start([], nodeOptions)
      onTestFinished(() => plain.end())
      for (const request of [
        `GET /health/live HTTP/1.1\r\nHost: x\r\n__proto__: y\r\n${END}`,
        post('/realtime/sse', '__proto__: y\r\n'),
      ])
        expect(await exchange(plain.port, request)).toMatch(/^HTTP\/1\.1 (200|400) /)
      await plain.expectUndisturbed()
    },
  )

  it.each([
    'constructor',
    '__proto__',
    'permessage-deflate; constructor',
    'permessage-deflate',
    'permessage-deflate; server_max_window_bits=7',
    'permessage-deflate; client_max_window_bits=x',
    'x-webkit-deflate-frame',
  ])('CONN-1: the extension "%s" is not agreed on', async (extension) => {
    const answer = await upgrade({ 'Sec-WebSocket-Extensions': extension })
    expect(answer).toMatch(/^HTTP\/1\.1 (101|400) /)
    expect(answer).not.toMatch(/^sec-websocket-extensions:/im)
  })

  it.each([
    ['14 KB of spaces', `staywire.v1${' '.repeat(14_000)}x`],
    ['2,000 entries', Array.from({ length: 2_000 }, (_, n) => `p${n}`).join(',')],
    ['a token that is no base64', 'staywire.v1, staywire.token.%%%%'],
    ['a name with a quote', 'staywire.v1, "x"'],
  ])('HTTP-1: subprotocols that are %s are answered at once', async (_, offered) => {
    expect(await upgrade({ 'Sec-WebSocket-Protocol': offered })).toMatch(/^HTTP\/1\.1 (101|400|431) |^$/)
  })

  it.each(['xn--iñvalid-.com', '[::1', 'a b', 'ex%zzample', '\u0001', 'x'.repeat(8_000), ''])(
    'CONN-3, POST-9: a Host of %j vouches for no Origin',
    async (host) => {
      const lines = { Host: host, Origin: 'https://evil.example' }
      expect(await upgrade(lines)).toMatch(REFUSED)
      const head = `POST /realtime/poll HTTP/1.1\r\nHost: ${host}\r\nOrigin: https://evil.example\r\n`
      expect(await exchange(target.port, `${head}Content-Length: ${CONNECT.length}\r\n${END}${CONNECT}`)).toMatch(
        REFUSED,
      )
    },
  )
})

describe('request lines', () => {
  const targets = ['//', '//evil.example/realtime', '/%', '/realtime/sse/%zz', '*', 'http://[', '/realtime/../x', '/\\']
  it.each([...targets, `/${'x'.repeat(20_000)}`].map((path) => ({ path })))(
    'HTTP-1: the target $path is refused with every method',
    async ({ path }) => {
      for (const method of ['GET', 'POST', 'OPTIONS', 'CONNECT'])
        expect(await exchange(target.port, `${method} ${path} HTTP/1.1\r\nHost: x\r\n${END}`)).toMatch(REFUSED)
    },
  )

  it.each([
    ['/realtime/sse?channel=%ff', 'GET'],
    ['/realtime/sse?channel=%', 'GET'],
    ['/realtime/poll?%ff', 'POST'],
    ['/realtime/frames?a=%c0%80', 'POST'],
  ])('HTTP-1: escapes that are no UTF-8 are refused: %s', async (path, method) => {
    expect(await exchange(target.port, `${method} ${path} HTTP/1.1\r\nHost: x\r\n${END}`)).toMatch(/^HTTP\/1\.1 400 /)
  })

  it.each([
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['HTTP/0.9', 'GET /\r\n\r\n'],
    ['HTTP/3.7', `GET / HTTP/3.7\r\nHost: x\r\n${END}`],
    ['a tunnel', `CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n${END}`],
    ['TRACE', `TRACE /realtime HTTP/1.1\r\nHost: x\r\n${END}`],
    ['TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003'],
    ['the PROXY protocol', 'PROXY TCP4 1.2.3.4 5.6.7.8 9 10\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['no Host', `GET /health/live HTTP/1.1\r\n${END}`],
  ])('HTTP-1: %s is refused', async (_, bytes) => {
    expect(await exchange(target.port, bytes)).toMatch(REFUSED)
  })

  it.each(['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'HEAD'])('POST-1: %s begins no connection', async (method) => {
    for (const path of ['/sse', '/poll', '/frames'])
      expect(await exchange(target.port, `${method} /realtime${path} HTTP/1.1\r\nHost: x\r\n${END}`)).toMatch(
        /^HTTP\/1\.1 405 /,
      )
  })
})

describe('bodies', () => {
  const good = (): string => JSON.stringify({ type: 'connect', id: 1, token: tokenOf('ada') })

  it.each([
    ['a bad chunk size', 'zz\r\n{}\r\n0\r\n\r\n'],
    ['a chunk size over 2^64', `${'f'.repeat(20)}\r\n{}`],
    ['a chunk without its end', '2\r\n{}X'],
  ])('POST-8: %s is refused', async (_, body) => {
    expect(await exchange(target.port, post('/realtime/sse', 'Transfer-Encoding: chunked\r\n', body))).toMatch(REFUSED)
  })

  it.each([
    ['gzip that is none', 'Content-Encoding: gzip\r\n', 415],
    ['every coding there is', 'Content-Encoding: gzip, deflate, br, zstd\r\n', 415],
    ['a charset of NUL', 'Content-Type: text/plain;charset="\\0"\r\n', 401],
    ['a form', 'Content-Type: multipart/form-data; boundary=\r\n', 401],
    ['no type', '', 401],
  ])('POST-8, AUTH-1: %s is a body like another, or refused', async (_, headers, status) => {
    for (const path of ['/sse', '/poll']) {
      const answer = await exchange(
        target.port,
        post(`/realtime${path}`, `${headers}Content-Length: ${CONNECT.length}\r\n`, CONNECT),
      )
      expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    }
  })

  it('POST-9: what follows a refused request is not taken for another one', async () => {
    const smuggled = `GET /health/live?smuggled HTTP/1.1\r\nHost: x\r\n\r\n`
    const head = 'POST /realtime/poll HTTP/1.1\r\nHost: x\r\nOrigin: https://evil.example\r\n'
    const bytes = `${head}Content-Length: ${smuggled.length}\r\n\r\n${smuggled}${NEXT}`
    const answers = (await exchange(target.port, bytes)).match(/HTTP\/1\.1 \d+/g)
    expect(answers).toEqual(['HTTP/1.1 403', 'HTTP/1.1 200'])
  })

  it('SSE-1: requests that are pipelined behind a stream wait, and get nothing of it', async () => {
    const body = good()
    const head = `POST /realtime/sse HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n`
    const next = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
    const heard = await overhear(target.port, `${head}${body}${next.repeat(50)}`, 700)
    expect(heard.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200'])
    expect(heard).toContain('data: {"type":"connected"')
  })

  it('POST-8: 200 bodies that stop in the middle hold up nobody', async () => {
    const half = 'POST /realtime/frames HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{'
    const stalled = Promise.allSettled(Array.from({ length: 200 }, () => exchange(target.port, half)))
    const { calmP99Ms, hostileP99Ms, disturbances } = await target.bystander.compare(3, () =>
      Promise.all(
        [target.connect('sse', 'ada'), target.connect('poll', 'ada')].map(async (peer) => (await peer).drop()),
      ),
    )
    expect(disturbances).toEqual([])
    expect(hostileP99Ms).toBeLessThan(2 * calmP99Ms + NOISE_MS)
    await stalled
  })
})

describe('tokens in URLs', () => {
  it('AUTH-8: are not taken, and stand in no log and no answer, whatever they are called', async () => {
    const secret = tokenOf('ada')
    for (const name of ['token', 'access_token', 'authorization', 'jwt']) {
      const query = `?${name}=${secret}&channel=room:1`
      expect(await upgrade({ 'Sec-WebSocket-Protocol': 'staywire.v1' }, `/realtime${query}`)).not.toContain(
        '"connected"',
      )
      expect(await exchange(target.port, `GET /realtime/sse${query} HTTP/1.1\r\nHost: x\r\n${END}`)).toMatch(
        /^HTTP\/1\.1 401 /,
      )
      expect(
        await exchange(target.port, post(`/realtime/poll${query}`, `Content-Length: ${CONNECT.length}\r\n`, CONNECT)),
      ).toMatch(/^HTTP\/1\.1 401 /)
    }
    const { stdout, stderr } = target.gateway.said
    expect(stdout + stderr).not.toContain(secret.split('.')[1])
    const headers = { authorization: `Bearer ${ADMIN_KEY}` }
    for (const page of [
      'metrics',
      'api/v1/handshakes',
      'api/v1/closed',
      'api/v1/errors',
      'api/websocket/errors',
      'dashboard/',
    ]) {
      const answer = await fetch(`${target.gateway.url}/${page}`, { headers })
      const text = await answer.text()
      expect([page, answer.status, text.includes(secret.split('.')[1] ?? '')]).toEqual([page, 200, false])
    }
  })
})
