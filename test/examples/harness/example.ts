// An example as `npm start -w` runs it, in a process of its own, on a port that the system chooses.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
/** The folder of the examples. */
export const EXAMPLES = join(ROOT, 'examples')
/** Generous: a loaded machine may take long to build pages and start a process. */
const START_MS = 240_000

/** A running example. */
export interface RunningExample {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string
  readonly port: number
  /** What it answers as JSON; anything but 2xx is an error. */
  json(path: string, init?: RequestInit): Promise<unknown>
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Ends it as an operator does. */
  stop(): Promise<void>
}

/** Where it runs, and how it is set up. */
export interface ExampleOptions {
  /** The folder of the example. Default: the one in the repository. */
  readonly folder?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** Serves the page as it is edited. */
  readonly hot?: boolean
}

/** Starts `examples/<name>` and waits until it listens. */
export async function startExample(
  name: string,
  { folder = join(EXAMPLES, name), port = 0, env = {}, hot = false }: ExampleOptions = {},
): Promise<RunningExample> {
  const child = spawn(process.execPath, [join(folder, 'server', 'main.ts'), ...(hot ? ['--hot'] : [])], {
    cwd: folder,
    // Not the test runner's edition of the frameworks.
    env: { ...process.env, NODE_ENV: undefined, VITEST: undefined, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const url = await listeningAt(name, child)
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    port: Number(new URL(url).port),
    async json(path, init) {
      const answer = await fetch(url + path, init)
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      return answer.json()
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

function listeningAt(name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`The example ${name} ${why}.\n${out}`))
    }
    const timer = setTimeout(() => fail('did not start in time'), START_MS)
    const hear = (chunk: Buffer) => {
      out = (out + chunk.toString()).slice(-10_000)
      const url = /listening on (http:\/\/\S+)/.exec(out)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.on('error', (error) => fail(`could not be started: ${error.message}`))
    child.on('exit', (code) => fail(`ended with ${code}`))
  })
}

/** A copy of an example that may be edited. */
export interface Copy {
  readonly folder: string
  /** Saves a file of it with something replaced. */
  edit(file: string, change: (text: string) => string): Promise<void>
  remove(): Promise<void>
}

/** Copies an example to where files may change under it. Not below `node_modules`, which development servers do not watch. */
export async function copyExample(name: string): Promise<Copy> {
  const top = await realpath(await mkdtemp(join(tmpdir(), 'staywire-example-')))
  const folder = join(top, 'examples', name)
  const own = (path: string) => !path.includes('node_modules')
  await cp(join(EXAMPLES, name), folder, { recursive: true, filter: own })
  await symlink(join(ROOT, 'node_modules'), join(top, 'node_modules'))
  return {
    folder,
    async edit(file, change) {
      const path = join(folder, file)
      await writeFile(path, change(await readFile(path, 'utf8')))
    },
    remove: () => rm(top, { recursive: true, force: true }),
  }
}

/** The picture in the example's README: written with `UPDATE_DOCS=1`, only taken otherwise. */
export async function picture(page: Page, name: string): Promise<void> {
  const image = await page.screenshot()
  if (process.env['UPDATE_DOCS'] === '1') await writeFile(join(EXAMPLES, name, 'screenshot.png'), image)
}
