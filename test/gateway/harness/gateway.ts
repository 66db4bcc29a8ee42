// A real gateway in a process of its own, on a port that the operating system chose.

import { onTestFinished } from 'vitest'
import { Peer, type PeerOptions, type Wire } from '../../conformance/harness/peer.ts'
import { start, type Ending, type Variables } from './command.ts'

/** What the gateways of these tests are configured with. */
export const SECRET = 'a-jwt-secret-of-the-tests-0123456789'
export const ADMIN_KEY = 'an-admin-key-of-the-tests'

/** Flags of most gateways here. */
export const USUAL = ['--jwt-secret', SECRET, '--admin-key', ADMIN_KEY]

/** An answer of the API. */
export interface ApiAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: { readonly [name: string]: unknown }
}

/** A running gateway. */
export class Gateway {
  readonly #run: ReturnType<typeof start>
  readonly url: string

  constructor(run: ReturnType<typeof start>, url: string) {
    this.#run = run
    this.url = url
  }

  get port(): number {
    return Number(new URL(this.url).port)
  }

  /** Its process. */
  get pid(): number {
    return this.#run.child.pid ?? 0
  }

  /** Everything it has written so far. */
  get said(): { readonly stdout: string; readonly stderr: string } {
    return this.#run.said
  }

  /** Its log lines so far. */
  get log(): readonly Wire[] {
    return this.said.stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Wire] : []))
  }

  get ended(): Promise<Ending> {
    return this.#run.ended
  }

  signal(signal: NodeJS.Signals): void {
    this.#run.child.kill(signal)
  }

  /** Ends it, and says how it ended. */
  stop(): Promise<Ending> {
    this.signal('SIGTERM')
    return this.ended
  }

  /** Asks the API, with the admin key unless told otherwise. */
  async api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<ApiAnswer> {
    const described = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, ...described, ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const { status, headers: answered } = response
    return { status, headers: answered, body: JSON.parse(await response.text()) as ApiAnswer['body'] }
  }

  /** Opens a WebSocket, without connecting. */
  open(options?: PeerOptions, path = '/realtime'): Promise<Peer> {
    return Peer.open(`${this.url.replace('http', 'ws')}${path}`, options)
  }

  /** Opens a WebSocket and connects with a token. */
  async connect(token: string, more: object = {}): Promise<Peer & { readonly connected: Wire }> {
    return Peer.connect(`${this.url.replace('http', 'ws')}/realtime`, token, more)
  }

  /** Waits for a log line that fits. */
  async logged(fits: (line: Wire) => boolean): Promise<Wire> {
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause()) {
      const line = this.log.find(fits)
      if (line !== undefined) return line
    }
    throw new Error(`No such line in the log:\n${this.said.stderr}`)
  }
}

/** Starts a gateway on any port; returns when it says that it listens. */
export async function startGateway(args: readonly string[], variables: Variables = {}): Promise<Gateway> {
  const run = start(['serve', '--port', '0', ...args], variables)
  let ended: Ending | undefined
  void run.ended.then((ending) => (ended = ending))
  while (!run.said.stdout.includes('\n')) {
    if (ended !== undefined) throw new Error(`The gateway ended with ${ended.code}: ${ended.stderr}`)
    await pause()
  }
  const url = /^staywire listening on (http:\/\/\S+)\n$/.exec(run.said.stdout)?.[1]
  if (url === undefined) throw new Error(`The gateway said ${JSON.stringify(run.said.stdout)}.`)
  return new Gateway(run, url)
}

/** Starts one for the running test, which ends it. */
export async function gatewayForTest(args: readonly string[], variables: Variables = {}): Promise<Gateway> {
  const gateway = await startGateway(args, variables)
  onTestFinished(async () => {
    gateway.signal('SIGKILL')
    await gateway.ended
  })
  return gateway
}

/** Waits until something holds. */
export async function eventually(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await pause()) if (await holds()) return
  throw new Error(`It never came true: ${holds.toString()}`)
}

/** A moment. */
export function pause(ms = 20): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}
