// The messages in a real browser: accounts, devices, tokens that run out, and the same over a gateway.

import { mkdtemp, rm } from 'node:fs/promises'
import { DatabaseSync } from 'node:sqlite'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { SignJWT } from 'jose'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { openBrowser } from '../browser/harness/browser.ts'
import { eventually } from '../browser/harness/eventually.ts'
import { startGateway } from '../browser/harness/gateway.ts'
import { EXAMPLES, picture, startExample, type RunningExample } from './harness/example.ts'

const SECRET = 'a secret that the example and the gateway share'
const ADMIN_KEY = 'a key that is long enough'
const PASSWORD = 'correct horse battery'
const TOKEN_SECONDS = 6
/** The pages are built first. */
const BUILD_MS = 300_000

interface Listed {
  readonly id: string
  readonly user: string
}

const open = openBrowser()
let folder: string
let env: Readonly<Record<string, string>>
let example: RunningExample
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'staywire-messages-'))
  const from = join(EXAMPLES, 'messages')
  env = { DATA_DIR: relative(from, folder), JWT_SECRET: SECRET, TOKEN_SECONDS: String(TOKEN_SECONDS) }
  example = await startExample('messages', { env })
}, BUILD_MS)
afterAll(async () => {
  await example?.stop()
  await rm(folder, { recursive: true, force: true })
})

const unread = (page: Page, count: number) => page.locator(`.unread[data-unread="${count}"]`).waitFor()
const connected = (page: Page) => page.locator('[data-connected=true]').waitFor()
const message = (page: Page, text: string) => page.locator('.message', { hasText: text }).waitFor()
const token = (page: Page) =>
  page.evaluate<string>("JSON.parse(localStorage.getItem('messages.account') ?? '{}').token ?? ''")

async function connections(): Promise<readonly Listed[]> {
  return ((await example.json('/api/v1/connections')) as { connections: Listed[] }).connections
}
const users = async () => (await connections()).map(({ user }) => user).toSorted()

/** Fills the form and presses a button; a page that is rendered by the server takes a moment to be alive. */
async function enter(page: Page, name: string, button: string, password = PASSWORD): Promise<void> {
  await page.locator('[name=name]').fill(name)
  await page.locator('[name=password]').fill(password)
  await page.getByRole('button', { name: button }).click()
}

async function newPerson(name: string): Promise<Page> {
  const page = await (await open({ viewport: { width: 760, height: 560 } })).newPage()
  await page.goto(example.url)
  await enter(page, name, 'Create an account')
  await connected(page)
  return page
}

async function talkTo(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Messages' }).click()
  await page.locator('.people').getByRole('link', { name, exact: true }).click()
  await page.locator('.talk h2', { hasText: name }).waitFor()
}

async function say(page: Page, text: string): Promise<void> {
  await page.locator('[name=text]').fill(text)
  await page.locator('[name=text]').press('Enter')
  await message(page, text)
}

it('what is posted is stored, and pushed to all devices of who gets it', async () => {
  // Pages are rendered by a server that opens no connection.
  expect(await (await fetch(example.url)).text()).toContain('Messages …')
  expect(await connections()).toEqual([])

  const bob = await newPerson('Bob')
  const ada = await newPerson('Ada')
  const second = await bob.context().newPage()
  await second.goto(example.url)
  await connected(second)
  await eventually(users, 'one connection for each browser').toEqual(['1', '2'])
  const [before, first] = [await connections(), await token(bob)]

  await talkTo(ada, 'Bob')
  await say(ada, 'Hello Bob')
  for (const tab of [bob, second]) {
    await unread(tab, 1)
    await tab.locator('.conversation', { hasText: 'Hello Bob' }).waitFor()
  }
  await bob.locator('.conversation').click()
  await message(bob, 'Hello Bob')
  for (const tab of [bob, second]) await unread(tab, 0)

  for (let i = 1; i <= 12; i++) await say(ada, `And another thing: number ${i}.`)
  await message(bob, 'number 12.')
  await say(bob, 'Noted, all twelve.')
  await message(ada, 'Noted, all twelve.')
  const below =
    'const { scrollHeight, scrollTop, clientHeight } = document.querySelector(".messages"); scrollHeight - scrollTop - clientHeight'
  for (const tab of [ada, bob]) await eventually(() => tab.evaluate(below), 'scrolled to the end').toBeLessThan(2)
  await unread(bob, 0)
  await picture(bob, 'messages')

  await ada.getByRole('link', { name: 'Messages' }).click()
  await say(bob, 'Are you there?')
  await unread(ada, 1)
  // Another device of hers answers: who answers has read.
  const init = {
    method: 'POST',
    body: '{"text":"Yes, on my phone"}',
    headers: { authorization: `Bearer ${await token(ada)}` },
  }
  await example.json('/api/conversations/1', init)
  await unread(ada, 0)
  await message(bob, 'Yes, on my phone')

  // All over the same connections, though tokens live for seconds.
  await eventually(() => token(bob)).not.toBe(first)
  expect((await connections()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
})

it('no token, a bad one, and one of nobody are refused, each with its code', async () => {
  const signed = new SignJWT()
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('99')
    .setIssuedAt()
    .setExpirationTime('60 s')
  const stranger = await signed.sign(new TextEncoder().encode(SECRET))
  const codes = ['', 'made up', stranger].map(async (brought) => {
    const socket = new WebSocket(`${example.url.replace('http', 'ws')}/realtime`, 'staywire.v1')
    socket.onopen = () => socket.send(JSON.stringify({ type: 'connect', id: 1, ...(brought && { token: brought }) }))
    return new Promise<number>((resolve) => (socket.onclose = ({ code }) => resolve(code)))
  })
  expect(await Promise.all(codes)).toEqual([4001, 4002, 4003])
})

it('signing out disconnects all tabs and forgets; signing in has everything again', async () => {
  const page = await (await open()).newPage()
  await page.goto(example.url)
  await enter(page, 'Bob', 'Sign in', 'not the password')
  await page.locator('.problem', { hasText: 'not the password' }).waitFor()
  await enter(page, 'Bob', 'Sign in')
  await connected(page)
  const second = await page.context().newPage()
  await second.goto(example.url)
  await connected(second)
  await eventually(users).toEqual(['1'])

  await second.locator('.sign-out').click()
  for (const tab of [page, second]) await tab.locator('.login').waitFor()
  await eventually(users).toEqual([])
  expect(await page.locator('.unread').count()).toBe(0)

  const ada = await (await open()).newPage()
  await ada.goto(example.url)
  await enter(ada, 'Ada', 'Sign in')
  await talkTo(ada, 'Bob')
  await say(ada, 'While you were away')
  await enter(page, 'Bob', 'Sign in')
  await unread(page, 1)
  await page.locator('.conversation', { hasText: 'While you were away' }).waitFor()

  const database = new DatabaseSync(join(folder, 'messages.sqlite'), { readOnly: true })
  onTestFinished(() => database.close())
  const kept = database
    .prepare('SELECT password FROM users')
    .all()
    .map(({ password }) => String(password))
  expect(kept.map((hash) => hash.slice(0, 31))).toEqual(
    Array.from({ length: 2 }, () => '$argon2id$v=19$m=19456,t=2,p=1$'),
  )
})

it('the same goes over a gateway: it pushes, and knows people by their tokens', async () => {
  const { port, url } = example
  await example.stop()
  const gateway = await startGateway(['--jwt-secret', SECRET, '--admin-key', ADMIN_KEY, '--allow-origin', url])
  onTestFinished(() => gateway.stop())
  const over = {
    GATEWAY_URL: gateway.url,
    GATEWAY_ADMIN_KEY: ADMIN_KEY,
    NUXT_PUBLIC_STAYWIRE_URL: `${gateway.url}/realtime`,
  }
  example = await startExample('messages', { port, env: { ...env, ...over } })
  const pages = await Promise.all(
    ['Ada', 'Bob'].map(async (name) => {
      const page = await (await open()).newPage()
      await page.goto(example.url)
      await enter(page, name, 'Sign in')
      await connected(page)
      return page
    }),
  )
  const [ada, bob] = pages as [Page, Page]
  await talkTo(ada, 'Bob')
  await say(ada, 'This went over a gateway')
  await bob.locator('.conversation', { hasText: 'This went over a gateway' }).waitFor()
  await unread(bob, 2)

  // A push that fails loses nothing that was posted.
  await gateway.stop()
  await say(ada, 'This was only stored')
  await bob.locator('.conversation').click()
  await message(bob, 'This was only stored')
})
