// The pages that the gateway serves, and what stands behind the demo.

import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { exchange } from '../conformance/harness/raw.ts'
import { gatewayForTest, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

let gateway: Gateway
beforeAll(async () => {
  gateway = await startGateway(['--dev'])
})
afterAll(() => gateway.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(`${gateway.url}${path}`, { headers })
const IMMUTABLE = 'public, max-age=31536000, immutable'
const TYPES: Record<string, string> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  map: 'application/json; charset=utf-8',
  svg: 'image/svg+xml',
}

function filesOf(name: 'demo' | 'dashboard'): string[] {
  const folder = fileURLToPath(new URL(`../../packages/${name}/dist/`, import.meta.url))
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(folder.length).replace(/^\//, ''))
}

it.each([
  ['the demo', 'demo', '/', ['/']],
  ['the operations page', 'dashboard', '/dashboard/', ['/dashboard', '/dashboard/']],
] as const)('serves %s with every file it consists of', async (_, name, base, addresses) => {
  for (const address of addresses) {
    const page = await get(address)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-cache')
    expect(page.headers.get('content-type')).toBe(TYPES['html'])
    expect(await page.text()).toContain('<div id="root">')
  }
  const files = filesOf(name)
  expect(files.filter((file) => file.startsWith('assets/')).length).toBeGreaterThan(1)
  for (const file of files) {
    const { status, headers } = await get(`${base}${file}`)
    expect({ file, status }).toEqual({ file, status: 200 })
    expect(headers.get('content-type')).toBe(TYPES[file.slice(file.lastIndexOf('.') + 1)])
    expect(headers.get('cache-control')).toBe(file.startsWith('assets/') ? IMMUTABLE : 'no-cache')
  }
})

it('says 304 to whoever has the file already', async () => {
  const { headers } = await get('/mark.svg')
  const etag = headers.get('etag') ?? ''
  expect(etag).toMatch(/^"[\w-]{27}"$/)
  for (const held of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const answer = await get('/mark.svg', { 'if-none-match': held })
    expect(answer.status).toBe(304)
    expect(await answer.text()).toBe('')
  }
  expect((await get('/mark.svg', { 'if-none-match': '"other"' })).status).toBe(200)
})

it('sends pages with a strict content security policy', async () => {
  for (const path of ['/', '/dashboard/']) {
    const { headers } = await get(path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toMatch(/^default-src 'self';/)
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/unsafe|data:|\*/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  }
})

it('answers an unknown address with a small page in a browser, and with JSON elsewhere', async () => {
  const page = await get('/nothing/<b>', { accept: 'text/html,*/*' })
  expect(page.status).toBe(404)
  expect(page.headers.get('content-type')).toBe(TYPES['html'])
  const text = await page.text()
  expect(text).toContain('<h1>Not found</h1>')
  expect(text).not.toContain('<b>')
  expect(await (await get('/nothing')).json()).toMatchObject({ error: { code: 'not-found' } })
})

it.each([
  '/../package.json',
  '/..%2fpackage.json',
  '/%2e%2e/package.json',
  '/assets/..%5c..%5cpackage.json',
  '/.env',
  '/assets',
  '/assets/',
  '/index.html/',
  '/dashboard/../../package.json',
  '/mark.svg%00.html',
])('serves nothing at %s', async (path) => {
  const answer = await exchange(gateway.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`)
  expect(answer).toMatch(/^HTTP\/1\.1 404 /)
})

it('lets nothing but GET and HEAD at a page', async () => {
  const response = await fetch(`${gateway.url}/`, { method: 'POST' })
  expect(response.status).toBe(405)
  expect(response.headers.get('allow')).toBe('GET, HEAD')
})

it('signs in to the demo with a name, and the token connects', async () => {
  const { status, body } = await gateway.api('POST', '/demo/sign-in', { name: '  Ada  ' })
  expect({ status, body }).toEqual({ status: 200, body: { user: 'Ada', token: expect.any(String) as string } })
  const peer = await gateway.connect(String(body['token']))
  expect(peer.connected).toMatchObject({ user: 'Ada' })
  expect(peer.connected['tokenExpiresInMs']).toBeGreaterThan(3_500_000)
  expect(await peer.ask({ type: 'subscribe', channel: 'chat:general', presence: 'members' })).toMatchObject({
    type: 'subscribed',
    members: [{ user: 'Ada' }],
  })
  expect(await peer.ask({ type: 'publish', channel: 'chat:general', data: { text: 'Hi' } })).toMatchObject({
    type: 'published',
  })
  expect(await peer.ask({ type: 'publish', channel: 'host:figures', data: {} })).toMatchObject({ code: 'forbidden' })
  peer.drop()
})

it.each([
  [{ name: '' }],
  [{ name: '   ' }],
  [{ name: 'x'.repeat(33) }],
  [{ name: 'a\nb' }],
  [{ name: 'anon:1' }],
  [{ name: 5 }],
  [{}],
])('refuses to sign in %j', async (body) => {
  expect(await gateway.api('POST', '/demo/sign-in', body)).toMatchObject({
    status: 400,
    body: { error: { code: 'bad-request' } },
  })
})

it('takes names of 32 characters in any writing', async () => {
  for (const name of ['陈'.repeat(32), '👩‍🚀'.slice(0, 5), 'Zoë']) {
    const { body } = await gateway.api('POST', '/demo/sign-in', { name })
    expect((await gateway.connect(String(body['token']))).connected).toMatchObject({ user: name.normalize('NFC') })
  }
})

it('publishes real figures of this machine every second', async () => {
  const { body } = await gateway.api('POST', '/demo/sign-in', { name: 'watcher' })
  const peer = await gateway.connect(String(body['token']))
  await peer.ask({ type: 'subscribe', channel: 'host:figures' })
  const [first, second] = [await peer.take('publication'), await peer.take('publication')].map(
    ({ data }) => data as Record<string, number>,
  )
  const figures = ['at', 'cpu', 'memory', 'memoryBytes', 'loopDelayMs', 'connections', 'publicationsPerSecond']
  for (const one of [first!, second!]) {
    expect(Object.keys(one)).toEqual(figures)
    for (const share of [one['cpu']!, one['memory']!]) {
      expect(share).toBeGreaterThanOrEqual(0)
      expect(share).toBeLessThanOrEqual(1)
    }
    expect(one['memoryBytes']).toBeGreaterThan(1_000_000)
    expect(one['loopDelayMs']).toBeGreaterThanOrEqual(0)
    expect(one['connections']).toBeGreaterThan(0)
  }
  expect(second!['at']! - first!['at']!).toBeGreaterThan(500)
  peer.drop()
})

it('serves the operations page, but neither demo nor sign-in, outside development', async () => {
  const plain = await gatewayForTest(USUAL)
  const status = async (path: string, init?: RequestInit) => (await fetch(`${plain.url}${path}`, init)).status
  expect(await status('/dashboard/')).toBe(200)
  expect(await status('/')).toBe(404)
  expect(
    await status('/demo/sign-in', {
      method: 'POST',
      body: '{"name":"ada"}',
      headers: { 'content-type': 'application/json' },
    }),
  ).toBe(404)
})

it('serves no page at all without an admin key', async () => {
  const bare = await gatewayForTest(USUAL.slice(0, 2))
  for (const path of ['/', '/dashboard', '/dashboard/', '/mark.svg'])
    expect((await fetch(`${bare.url}${path}`)).status).toBe(404)
})
