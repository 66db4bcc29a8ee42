// A real proxy in front of real gateways: nginx or HAProxy as Debian brings it, from a configuration file of the docs or of a test,
// with the addresses of this run put in. It keeps what the proxy says, and ends it.

import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A configuration of the docs. */
export function documented(name: string): string {
  return readFileSync(new URL(`../../../docs/proxies/${name}`, import.meta.url), 'utf8')
}

/** Ports that were free a moment ago: a proxy cannot be asked which one it was given. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A certificate of our own, for 127.0.0.1 and live.example. */
export interface Certificate {
  readonly crt: string
  readonly key: string
  readonly pem: string
}

export abstract class Proxy {
  readonly port: number
  readonly folder = mkdtempSync(join(tmpdir(), 'staywire-proxy-'))
  /** What it runs with. */
  config = ''
  protected process: ChildProcess | undefined
  #said = ''

  constructor(port: number) {
    this.port = port
  }

  get said(): string {
    return this.#said
  }

  /** Starts it with a configuration; returns when it takes connections. */
  async start(config: string): Promise<void> {
    this.config = config
    this.configure(config)
    this.process = this.launch([])
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; await sleep(30))
      if (await takes(this.port)) return
    throw new Error(`The proxy did not start: ${this.#said}`)
  }

  /** Puts another configuration in its place, while connections go on. */
  abstract reload(): Promise<void>

  /** Ends it, and every connection through it, at once. */
  async kill(): Promise<void> {
    const { process } = this
    if (process === undefined || process.exitCode !== null) return
    const ended = once(process, 'exit')
    this.stopNow()
    await ended
  }

  async end(): Promise<void> {
    await this.kill()
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A certificate in the proxy's folder. */
  certificate(): Certificate {
    const [crt, key, pem] = ['live.crt', 'live.key', 'live.pem'].map((name) => join(this.folder, name)) as [
      string,
      string,
      string,
    ]
    const names = 'subjectAltName=DNS:live.example,IP:127.0.0.1'
    const make = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
    execFileSync('openssl', [...make, '-subj', '/CN=live.example', '-addext', names, '-keyout', key, '-out', crt], {
      stdio: 'ignore',
    })
    writeFileSync(pem, readFileSync(crt, 'utf8') + readFileSync(key, 'utf8'))
    return { crt, key, pem }
  }

  /** Writes a configuration; it counts from the next `start` or `reload` on. */
  abstract configure(config: string): void
  protected abstract launch(more: readonly string[]): ChildProcess
  protected abstract stopNow(): void

  protected run(program: string, args: readonly string[]): ChildProcess {
    const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`
    const child = spawn(program, args, { env: { ...process.env, PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (this.#said += String(text)))
    return child
  }
}

export class Nginx extends Proxy {
  override async reload(): Promise<void> {
    this.process?.kill('SIGHUP')
    await sleep(300)
  }

  override configure(config: string): void {
    writeFileSync(join(this.folder, 'nginx.conf'), `pid ${this.folder}/nginx.pid;\nerror_log stderr;\n${config}`)
  }

  protected override launch(more: readonly string[]): ChildProcess {
    const http = `daemon off;`
    return this.run('nginx', ['-p', this.folder, '-c', 'nginx.conf', '-g', http, ...more])
  }

  /** Fast shutdown: workers end without waiting for anybody. */
  protected override stopNow(): void {
    this.process?.kill('SIGTERM')
  }
}

export class Haproxy extends Proxy {
  override async reload(): Promise<void> {
    const before = this.process
    if (before?.pid === undefined) throw new Error('It does not run.')
    this.process = this.launch(['-sf', String(before.pid)])
    this.#older.push(before)
    await sleep(500)
  }

  readonly #older: ChildProcess[] = []

  override async kill(): Promise<void> {
    for (const older of this.#older.splice(0)) older.kill('SIGTERM')
    await super.kill()
  }

  override configure(config: string): void {
    writeFileSync(join(this.folder, 'haproxy.cfg'), config)
  }

  protected override launch(more: readonly string[]): ChildProcess {
    return this.run('haproxy', ['-db', '-f', join(this.folder, 'haproxy.cfg'), ...more])
  }

  protected override stopNow(): void {
    this.process?.kill('SIGTERM')
  }
}

function takes(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
