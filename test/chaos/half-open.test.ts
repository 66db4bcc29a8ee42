// A cable is cut between two hosts, and nobody is told: both sides find out by themselves, and nothing is lost. Needs root for
// hosts of its own; elsewhere these are counted as skipped. `STAYWIRE_HALF_OPEN=full` takes the times that are promised.

import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Transport } from 'staywire/client'
import { printFigures } from '../figures.ts'
import { BIN, token } from '../gateway/harness/command.ts'
import type { Told } from './harness/client-program.ts'
import { SECRET } from './harness/gateway-process.ts'
import { canNetwork, Network, SERVER_ADDRESS, type Host } from './harness/network.ts'

const PROGRAM = fileURLToPath(new URL('harness/client-program.ts', import.meta.url))
const CHANNEL = 'load:0'
const RULES = { 'load:*': { subscribe: true, publish: true } }
/** Promised: the server finds a dead connection in 25 + 8 s, a client in 2 s more. By default here in less, to save time. */
const FULL = process.env['STAYWIRE_HALF_OPEN'] === 'full'
const HEARTBEAT = FULL ? { intervalMs: 25_000, timeoutMs: 8_000 } : { intervalMs: 4_000, timeoutMs: 1_500 }
const FOUND_MS = HEARTBEAT.intervalMs + HEARTBEAT.timeoutMs
/** What a busy machine may take on top. */
const MARGIN_MS = 4_000

interface LogLine {
  readonly msg: string
  readonly user: string
  readonly connection: string
  readonly resumed?: boolean
  readonly code?: number
  readonly time: string
}

/** A gateway on one host, with a reader on the other and a writer beside itself. */
interface Scene {
  readonly network: Network
  readonly reader: { readonly told: readonly Told[]; publish(data: unknown): void }
  /** Publishes beside the gateway; returns when that is stored. */
  write(data: unknown): Promise<void>
  /** What the gateway says about the reader. */
  log(): readonly LogLine[]
}

describe.skipIf(!canNetwork())('a connection that is half open', { timeout: 120_000 }, () => {
  it.each([
    ['HB-3, HB-6, RES-2: is found by both sides in time, and the session goes on where it was', 'websocket'],
    ['HB-3, HB-6, POST-1: the same over an event stream', 'sse'],
    ['HB-3, HB-6, POST-1: the same over polls', 'poll'],
  ] as const)('%s', async (_, transport) => {
    const flags = [
      ...['--heartbeat-interval-ms', `${HEARTBEAT.intervalMs}`],
      ...['--heartbeat-timeout-ms', `${HEARTBEAT.timeoutMs}`],
    ]
    const { network, reader, write, log } = await sceneForTest(flags, transport)
    await write(1)
    await until(() => publications(reader.told).length === 1)
    const cutAt = Date.now()
    network.cut()
    reader.publish('from the other side')
    for (const data of [2, 3]) await write(data)

    const closed = (): LogLine | undefined => log().find(({ msg }) => msg === 'closed')
    const left = (): Told | undefined => reader.told.find((told) => told.what === 'status' && told.status === 'waiting')
    await until(() => closed() !== undefined && left() !== undefined)
    expect(closed()).toMatchObject({ code: 4102 })
    expect(Date.parse(closed()?.time ?? '') - cutAt).toBeLessThanOrEqual(FOUND_MS + MARGIN_MS)
    expect((left()?.at ?? Infinity) - cutAt).toBeLessThanOrEqual(FOUND_MS + 2_000 + MARGIN_MS)

    printFigures(
      `${transport}: a cut cable is found by the server after ${Date.parse(closed()?.time ?? '') - cutAt} ms, by the client after ${(left()?.at ?? 0) - cutAt} ms (${HEARTBEAT.intervalMs} + ${HEARTBEAT.timeoutMs} ms)`,
    )

    network.mend()
    await until(() => reader.told.some(({ what }) => what === 'stored') && publications(reader.told).length === 4)
    expect(publications(reader.told)).toEqual([1, 2, 3, 'from the other side'])
    expect(outcomes(reader.told)).toEqual(['live', 'recovered'])
    await until(() => log().length === 3)
    expect(log().map(({ msg, resumed }) => [msg, resumed])).toEqual([
      ['connected', false],
      ['closed', undefined],
      ['connected', true],
    ])
  })

  it('RES-2, RES-7: is replaced at once when its client is back before the server noticed', async () => {
    const { network, reader, write, log } = await sceneForTest([])
    await write(1)
    await until(() => publications(reader.told).length === 1)
    network.forget()
    for (const data of [2, 3]) await write(data)
    await sleep(300)
    expect(log().map(({ msg }) => msg)).toEqual(['connected']) // the server has no idea
    network.resetClient()

    await until(() => publications(reader.told).length === 3 && log().length === 3)
    const connected = log().filter(({ msg }) => msg === 'connected')
    const gone = log().find(({ msg }) => msg === 'closed')
    expect(connected.map(({ resumed }) => resumed)).toEqual([false, true])
    expect(gone).toMatchObject({ code: 4501, connection: connected[0]?.connection })
    expect(Math.abs(Date.parse(gone?.time ?? '') - Date.parse(connected[1]?.time ?? ''))).toBeLessThan(1_000)
    await write(4)
    await until(() => publications(reader.told).length === 4)
    expect(publications(reader.told)).toEqual([1, 2, 3, 4])
    expect(outcomes(reader.told)).toEqual(['live', 'recovered'])
  })
})

async function sceneForTest(flags: readonly string[], transport: Transport = 'websocket'): Promise<Scene> {
  const network = new Network()
  const folder = mkdtempSync(join(tmpdir(), 'staywire-half-open-'))
  const children: ChildProcess[] = []
  onTestFinished(async () => {
    await Promise.all(children.map(end))
    network.remove()
    rmSync(folder, { recursive: true })
  })
  const spawn = (host: Host, ...args: string[]): ChildProcess => {
    const child = network.spawn(host, process.execPath, ...args)
    children.push(child)
    return child
  }
  const address = ['--host', SERVER_ADDRESS, '--port', '8080', '--data', join(folder, 'data')]
  const gateway = spawn(
    'server',
    ...[BIN, 'serve', ...address, '--jwt-secret', SECRET, '--channels', JSON.stringify(RULES), ...flags],
  )
  const said = { stdout: '', stderr: '' }
  gateway.stdout?.on('data', (text) => (said.stdout += String(text)))
  gateway.stderr?.on('data', (text) => (said.stderr += String(text)))
  await until(() => said.stdout.includes('listening on'))

  const client = async (host: Host, user: string, over: Transport) => {
    const credential = await token(user, SECRET)
    const child = spawn(host, PROGRAM, `http://${SERVER_ADDRESS}:8080/realtime`, credential, CHANNEL, over)
    const told: Told[] = []
    child.on('message', (message) => told.push(message as Told))
    await until(() => told.some(({ what }) => what === 'live'))
    return { told, publish: (data: unknown): void => void child.send(data as string) }
  }
  const reader = await client('client', 'reader', transport)
  const writer = await client('server', 'writer', 'websocket')
  const stored = (): number => writer.told.filter(({ what }) => what === 'stored').length
  return {
    network,
    reader,
    async write(data) {
      const before = stored()
      writer.publish(data)
      await until(() => stored() > before)
    },
    log: () =>
      said.stderr
        .split('\n')
        .flatMap((line) => (line.startsWith('{') && line.endsWith('}') ? [JSON.parse(line) as LogLine] : []))
        .filter(({ user, msg }) => user === 'reader' && (msg === 'connected' || msg === 'closed')),
  }
}

function publications(told: readonly Told[]): unknown[] {
  return told.flatMap((each) => (each.what === 'publication' ? [each.data] : []))
}

function outcomes(told: readonly Told[]): string[] {
  return told.map(({ what }) => what).filter((what) => what === 'live' || what === 'recovered' || what === 'gap')
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) if (holds()) return
  throw new Error(`It never came true: ${holds.toString()}`)
}
