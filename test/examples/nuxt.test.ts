// The Nuxt module in a real app: built, rendered by its own server, and live in a browser.

import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import { createServer as createNetServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { createServer, type Server } from 'staywire/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'

const APP = fileURLToPath(new URL('nuxt-app', import.meta.url))
const NUXT = fileURLToPath(new URL('../../node_modules/nuxt/bin/nuxt.mjs', import.meta.url))
/** Not the test runner's edition of the framework. */
const ENV = { ...process.env, NODE_ENV: 'production', VITEST: '' }

const open = openBrowser()
const http = createHttpServer()
let server: Server
let app: ChildProcess
let url: string

async function listen(on: NetServer): Promise<number> {
  on.listen(0, '127.0.0.1')
  await once(on, 'listening')
  return (on.address() as AddressInfo).port
}

beforeAll(async () => {
  await promisify(execFile)(process.execPath, [NUXT, 'build', APP], { env: ENV })
  // The app's server takes no port of the system's choice.
  const free = createNetServer()
  const port = String(await listen(free))
  await promisify(free.close.bind(free))()
  url = `http://127.0.0.1:${port}`
  server = createServer({
    authenticate: ({ token }) => (token === undefined ? null : { user: token }),
    channels: { news: { subscribe: true } },
    allowOrigins: [url],
  })
  server.attach(http)
  const env = {
    ...ENV,
    HOST: '127.0.0.1',
    PORT: port,
    NUXT_PUBLIC_STAYWIRE_URL: `http://127.0.0.1:${await listen(http)}/realtime`,
  }
  app = spawn(process.execPath, [`${APP}/.output/server/index.mjs`], { env, stdio: 'ignore' })
  process.once('exit', () => app.kill('SIGKILL'))
}, 300_000)
afterAll(async () => {
  app?.kill('SIGKILL')
  await server?.close()
  http.close()
  for (const folder of ['.nuxt', '.output', '.data']) await rm(`${APP}/${folder}`, { recursive: true, force: true })
})

it('renders on the server without a connection, and is live in the browser with its imports and its token', async () => {
  const html = () => fetch(url).then((answer) => answer.text(), String)
  await eventually(html).toContain('<p id="status">idle</p>')
  expect(server.stats().counters.accepted).toBe(0)
  const page = await (await open()).newPage()
  await page.goto(url)
  await eventually(() => page.locator('#status').textContent()).toBe('connected')
  await eventually(() => server.channels().some(({ channel }) => channel === 'news')).toBe(true)
  await server.publish('news', 'hello')
  await eventually(() => page.locator('#heard').textContent()).toBe('hello')
  expect((await server.connections.list()).map(({ user }) => user)).toEqual(['ada'])
}, 120_000)
