// The block-feed app that had five connections in one browser, in a real one: a page that opens connections the way such pages
// do, from a development server. Each of its leaks is named while it is there, and is over when the page is mended.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { openDevServer, type DevServer } from '../browser/harness/dev-server.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import { printFigures } from '../figures.ts'

const open = openBrowser()
const operations = createOperations({ authorize: () => true })
const server = createServer({ ...SPEC_OPTIONS, observer: operations.observer })
operations.watch(server)
const http = createHttpServer((request, response) => {
  void operations.handler(request, response).then((answered) => answered || development.handle(request, response))
})
server.attach(http)
let development: DevServer
let origin: string

beforeAll(async () => {
  development = await openDevServer(fileURLToPath(new URL('pages/', import.meta.url)), http)
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(async () => {
  operations.stop()
  await server.close()
  await development.close()
  http.closeAllConnections()
  http.close()
})

/** What is found in each page: the user of a page is called as its leak. */
const NAMES: Readonly<Record<string, string>> = {
  'double-mount': 'duplicate-instance.double-mount',
  'route-change': 'duplicate-instance.route-change',
  'hot-reload': 'duplicate-instance.hot-reload',
  reload: 'stale-page',
  'reconnect-overlap': 'reconnect-overlap',
}
const LEAKS = Object.keys(NAMES)

/** Connections that are made nearer to each other than this were made at one go. */
const LATER_MS = 2_500

let edition = 0

/** What a developer, or whoever uses the page, does for it to leak; the others leak as soon as they are opened. */
const ACTS: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  'route-change': (page) => page.evaluate('act()'),
  'hot-reload': async (page) => {
    const next = String(++edition)
    await development.edit('hot-reload.ts', (text) => text.replace(/EDITION = \d+/, `EDITION = ${next}`))
    await page.locator(`html[data-edition="${next}"]`).waitFor()
  },
  reload: async (page) => {
    const before = await page.locator('html').getAttribute('data-page')
    await page.reload()
    await page.locator(`html[data-page]:not([data-page="${before}"])`).waitFor()
  },
  'reconnect-overlap': (page) => page.evaluate('act()'),
}

async function findings(user: string): Promise<readonly string[]> {
  const response = await fetch(`${origin}/api/v1/findings?user=${user}`)
  const { findings: found } = (await response.json()) as { findings: { kind: string; variant?: string }[] }
  return found.map(({ kind, variant }) => (variant === undefined ? kind : `${kind}.${variant}`))
}

const connections = (user: string): number => server.getUserConnections(user).length

/** Waits until every page would hear of a change. */
function listening(): Promise<void> {
  return eventually(() => development.pages(), 'pages that would hear of a change').toBe(LEAKS.length)
}

/** Does what makes each page leak, at some distance from its first connection. */
async function actOn(pages: ReadonlyMap<string, Page>): Promise<void> {
  await listening()
  await new Promise((resolve) => void setTimeout(resolve, LATER_MS))
  await Promise.all([...pages].map(async ([leak, page]) => ACTS[leak]?.(page)))
}

it('names the five leaks of a page within seconds, and none of them once it is mended', async () => {
  const context = await open()
  const pages = new Map<string, Page>()
  const began = new Map<string, number>()
  for (const leak of LEAKS) {
    const page = await context.newPage()
    await page.goto(`${origin}/?leak=${leak}`)
    pages.set(leak, page)
    const atOnce = ACTS[leak] === undefined
    await eventually(() => connections(leak), `${leak} is open`).toBe(atOnce ? 2 : 1)
    if (atOnce) began.set(leak, performance.now())
  }
  await actOn(pages)
  const figures = await Promise.all(
    LEAKS.map(async (leak) => {
      await eventually(() => connections(leak), `${leak} leaks`).toBe(2)
      const since = began.get(leak) ?? performance.now()
      await eventually(() => findings(leak), leak).toEqual([NAMES[leak]])
      return `${leak} ${((performance.now() - since) / 1_000).toFixed(1)} s`
    }),
  )
  printFigures(`leaks of a page, from the second connection to the finding: ${figures.join(', ')}`)

  await listening()
  await development.edit('mended.ts', (text) => text.replace('MENDED = false', 'MENDED = true'))
  for (const [leak, page] of pages) {
    await page.locator('html[data-mended=true]').waitFor()
    await eventually(() => connections(leak), leak).toBe(1)
  }
  const before = new Map(LEAKS.map((leak) => [leak, server.getUserConnections(leak)[0]?.socketId]))
  await actOn(pages)
  for (const leak of LEAKS) {
    if (ACTS[leak] !== undefined)
      await eventually(() => server.getUserConnections(leak).map(({ socketId }) => socketId), leak).toEqual([
        expect.not.stringMatching(String(before.get(leak))),
      ])
    await eventually(() => findings(leak), leak).toEqual([])
  }
})
