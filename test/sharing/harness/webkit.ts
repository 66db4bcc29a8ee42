// Debian's WebKitGTK by plain W3C WebDriver over HTTP. One session per driver, so a person has a driver, a display and a
// session bus of their own. https://www.w3.org/TR/webdriver2/

import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import type { Person, Tab, TestBrowser } from './person.ts'

const START_MS = 60_000
const MINI_BROWSER = ['4.1', '6.0', '4.0']
  .map((version) => `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-${version}`)
  .concat('/usr/libexec/webkit2gtk-4.1')
  .map((folder) => `${folder}/MiniBrowser`)

/** Sends one command of the running session. */
type Command = <Value>(method: 'POST' | 'DELETE', path: string, body?: object) => Promise<Value>

/** Finds it; each person starts one. */
export function launchWebKit(): TestBrowser {
  const people = new Set<Person>()
  let pid = 0
  return {
    name: 'webkit',
    get pid() {
      return pid
    },
    async newPerson() {
      const person = await startPerson(
        (driver) => (pid = driver),
        () => people.delete(person),
      )
      people.add(person)
      return person
    },
    close: async () => void (await Promise.all([...people].map((person) => person.close()))),
  }
}

async function startPerson(started: (pid: number) => void, closed: () => void): Promise<Person> {
  const port = await freePort()
  const driver = spawn('xvfb-run', ['-a', 'dbus-run-session', '--', 'WebKitWebDriver', `--port=${port}`], {
    stdio: 'ignore',
    detached: true,
  })
  const end = () => endGroup(driver)
  process.once('exit', end)
  started(driver.pid ?? 0)
  const url = `http://127.0.0.1:${port}`
  await listening(url)
  const binary = process.env['WEBKIT_PATH'] ?? MINI_BROWSER.find((path) => existsSync(path))
  const wanted = { 'webkitgtk:browserOptions': { binary, args: ['--automation'] } }
  const { sessionId } = await send<{ sessionId: string }>('POST', `${url}/session`, {
    capabilities: { alwaysMatch: wanted },
  })
  const command: Command = (method, path, body) => send(method, `${url}/session/${sessionId}${path}`, body)
  const tabs = tabsOf(command)
  return {
    openTab: tabs.open,
    async close() {
      await command('DELETE', '').catch(() => {}) // a session without windows is over already
      process.off('exit', end)
      end()
      closed()
    },
  }
}

/** A session looks at one tab at a time: commands of several tabs take turns. */
function tabsOf(command: Command): { open: (url: string) => Promise<Tab> } {
  let turn: Promise<unknown> = Promise.resolve()
  let first = true
  const inTurn = <Value>(act: () => Promise<Value>): Promise<Value> => {
    const mine = turn.then(act)
    turn = mine.catch(() => {})
    return mine
  }
  const at =
    (handle: string) =>
    <Value>(act: () => Promise<Value>): Promise<Value> =>
      inTurn(async () => {
        await command('POST', '/window', { handle })
        return act()
      })
  const handleOf = async () => {
    if (!first) return (await command<{ handle: string }>('POST', '/window/new', { type: 'tab' })).handle
    first = false
    // A deadline for scripts is a timer in the page.
    await command('POST', '/timeouts', { script: null, pageLoad: START_MS })
    const [handle] = await handles()
    if (handle === undefined) throw new Error('The session began without a window.')
    return handle
  }
  const handles = () => command<string[]>('GET' as 'POST', '/window/handles')
  return {
    async open(url) {
      const handle = await inTurn(handleOf)
      const here = at(handle)
      const tab: Tab = {
        evaluate: (expression) => here(() => evaluate(command, expression)),
        goto: (to) => here(() => command('POST', '/url', { url: to })),
        reload: () => here(() => command('POST', '/refresh', {})),
        close: async () => void (await here(() => command('DELETE', '/window'))),
      }
      await tab.goto(url)
      return tab
    },
  }
}

/** Without the driver's way for scripts that take their time, which leaves a timer in the page. */
async function evaluate<Value>(command: Command, expression: string): Promise<Value> {
  const ask = (script: string) =>
    command<{ value?: Value; error?: string; later?: true }>('POST', '/execute/sync', { script, args: [] })
  let answer = await ask(`
    const value = (0, eval)(${JSON.stringify(expression)})
    if (typeof value?.then !== 'function') return { value }
    window.webdriverAnswer = { later: true }
    value.then(
      (value) => { window.webdriverAnswer = { value } },
      (error) => { window.webdriverAnswer = { error: String(error) } },
    )
    return { later: true }`)
  while (answer.later) {
    await wait(20)
    answer = await ask('return window.webdriverAnswer')
  }
  if (answer.error !== undefined) throw new Error(`${expression}: ${answer.error}`)
  return answer.value as Value
}

async function send<Value>(method: string, url: string, body?: object): Promise<Value> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(2 * START_MS) })
  const { value } = (await response.json()) as { value: Value & { error?: string; message?: string } }
  if (!response.ok) throw new Error(`${method} ${url}: ${value.error}: ${value.message}`)
  return value
}

async function listening(url: string): Promise<void> {
  const until = Date.now() + START_MS
  while (Date.now() < until) {
    if (await fetch(`${url}/status`).then(Boolean, () => false)) return
    await wait(50)
  }
  throw new Error('WebKitWebDriver did not start in time.')
}

function endGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('There is no free port.')
  return address.port
}
