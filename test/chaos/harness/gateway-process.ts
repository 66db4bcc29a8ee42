// The real gateway with a data directory and a port of its own, which can be killed and started again on both. Needs no test
// runner, so that `main.ts` can use it.

import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Position } from 'staywire/client'
import { start, type Ending, type Run } from '../../gateway/harness/command.ts'
import type { Log } from '../history.ts'

export const SECRET = 'a-jwt-secret-of-the-tests-0123456789'
const ADMIN_KEY = 'an-admin-key-of-the-tests'
const RULES = { 'load:*': { subscribe: true, publish: true, history: { size: 1_000_000, ttlMs: 86_400_000 } } }
/** How long a start may take on a busy machine. */
const START_MS = 30_000

/** What one page of history is in the API. */
interface Page {
  readonly position: Position
  readonly publications: readonly { readonly offset: number; readonly key: string }[]
}

export class GatewayProcess {
  readonly port: number
  readonly #folder = mkdtempSync(join(tmpdir(), 'staywire-chaos-'))
  readonly #more: readonly string[]
  #run: Run | undefined

  private constructor(port: number, more: readonly string[]) {
    this.port = port
    this.#more = more
  }

  /** Makes one on a free port; `more` are further flags. */
  static async create(more: readonly string[] = []): Promise<GatewayProcess> {
    return new GatewayProcess(await freePort(), more)
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Starts it; returns how long it took until it listened, in milliseconds. */
  async start(): Promise<number> {
    const started = performance.now()
    const fixed = ['--port', `${this.port}`, '--data', join(this.#folder, 'data'), '--jwt-secret', SECRET]
    const usual = ['--admin-key', ADMIN_KEY, '--log-level', 'warn', '--channels', JSON.stringify(RULES)]
    const run = start(['serve', ...fixed, ...usual, ...this.#more])
    this.#run = run
    let ending: Ending | undefined
    void run.ended.then((ended) => (ending = ended))
    while (!run.said.stdout.includes('listening on')) {
      if (ending !== undefined) throw new Error(`The gateway ended with ${ending.code}: ${ending.stderr}`)
      if (performance.now() - started > START_MS) throw new Error(`The gateway does not start: ${run.said.stderr}`)
      await sleep(5)
    }
    return performance.now() - started
  }

  /** Ends the process by a signal, and says how it ended. */
  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<Ending> {
    if (this.#run === undefined) throw new Error('The gateway does not run.')
    this.#run.child.kill(signal)
    return this.#run.ended
  }

  /** Everything that is stored in a channel. */
  async log(channel: string): Promise<Log> {
    let page = await this.#page(channel, '')
    const { position } = page
    let publications = page.publications
    while (page.publications.length > 0 && (publications[0]?.offset ?? 1) > 1) {
      page = await this.#page(channel, `&before=${publications[0]?.offset}`)
      publications = [...page.publications, ...publications]
    }
    return { position, publications }
  }

  /** Ends it and forgets all that it stored. */
  async remove(): Promise<void> {
    if (this.#run !== undefined) await this.end('SIGKILL')
    rmSync(this.#folder, { recursive: true, force: true })
  }

  async #page(channel: string, more: string): Promise<Page> {
    const path = `/api/v1/channels/${channel}/history?limit=1000${more}`
    const response = await fetch(`${this.url}${path}`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
    if (!response.ok) throw new Error(`${path} was answered ${response.status}: ${await response.text()}`)
    return (await response.json()) as Page
  }
}

/**
 * A free port below those that the operating system hands out: while the gateway is down, a client that dials it could otherwise
 * be given that very port as its own, and be connected with itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000)
    const free = await new Promise<boolean>((resolve) => {
      const probe = createServer()
      probe.on('error', () => resolve(false))
      probe.listen(port, '127.0.0.1', () => void probe.close(() => resolve(true)))
    })
    if (free) return port
  }
}
