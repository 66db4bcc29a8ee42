// The real gateway in a process of its own, as `npm start` runs it, on a port the system chooses.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const BIN = fileURLToPath(new URL('../../../packages/gateway/bin/staywire.js', import.meta.url))
/** Generous: a loaded machine may take long to start a process. */
const START_MS = 30_000

/** A connection as far as the tests look at it. */
export interface ListedConnection {
  readonly id: string
  readonly transport: string
  readonly user: string
  readonly subscriptions: readonly string[]
}

/** A running gateway. */
export interface RunningGateway {
  /** E.g. `http://127.0.0.1:40123`. */
  readonly url: string
  readonly port: number
  /** For signals: a stopped process is a server that hangs. */
  readonly pid: number
  /** `GET /api/v1/connections`. */
  connections(): Promise<readonly ListedConnection[]>
  /** `POST /api/v1/publish`; answers the offset. */
  publish(channel: string, data: unknown): Promise<number>
  /** `POST /demo/sign-in`; answers the token. */
  token(name: string): Promise<string>
  /** Ends it the hard way, as a crash would. */
  kill(): Promise<void>
  /** Ends it the way an operator does. */
  stop(): Promise<void>
}

/** Starts `staywire serve` with `args` (default `--dev`) and waits until it listens. */
export async function startGateway(args: readonly string[] = ['--dev'], port = 0): Promise<RunningGateway> {
  const child = spawn(process.execPath, [BIN, 'serve', '--port', String(port), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const url = await listeningAt(child)
  const request = async (path: string, body?: unknown): Promise<unknown> => {
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }
    const response = await fetch(url + path, body === undefined ? {} : init)
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.json()
  }
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }
  return {
    url,
    port: Number(new URL(url).port),
    pid: child.pid ?? 0,
    connections: async () =>
      ((await request('/api/v1/connections')) as { connections: ListedConnection[] }).connections,
    publish: async (channel, data) => {
      const answer = (await request('/api/v1/publish', { channel, data })) as { position: { offset: number } }
      return answer.position.offset
    },
    token: async (name) => ((await request('/demo/sign-in', { name })) as { token: string }).token,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

function listeningAt(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let errors = ''
    const fail = (why: string) => {
      child.kill('SIGKILL')
      reject(new Error(`The gateway ${why}.\n${out}${errors}`))
    }
    const timer = setTimeout(() => fail('did not start in time'), START_MS)
    child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-10_000)))
    child.stdout?.on('data', (chunk: Buffer) => {
      out += chunk.toString()
      const url = /listening on (http:\/\/\S+)/.exec(out)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
    child.on('error', (error) => fail(`could not be started: ${error.message}`))
    child.on('exit', (code) => fail(`ended with ${code}`))
  })
}
