// Starts clients behind a proxy and looks after them: what each has seen, and when it last lost its connection.

import { fork, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Told, Wanted } from './client-program.ts'

const PROGRAM = fileURLToPath(new URL('client-program.ts', import.meta.url))

export class ProxiedClient {
  readonly told: Told[] = []
  readonly #child: ChildProcess

  constructor(wanted: Wanted, trusted?: string) {
    const env = { ...process.env, ...(trusted !== undefined && { NODE_EXTRA_CA_CERTS: trusted }) }
    this.#child = fork(PROGRAM, [JSON.stringify(wanted)], { env, execArgv: [] })
    this.#child.on('message', (told: Told) => this.told.push(told))
  }

  /** The publications that came, in their order. */
  get data(): readonly unknown[] {
    return this.told.flatMap((told) => (told.what === 'publication' ? [told.data] : []))
  }

  get outcomes(): readonly string[] {
    return this.told.flatMap((told) => (told.what === 'outcome' ? [told.outcome] : []))
  }

  /** How often a connection was lost, and why. */
  get losses(): readonly string[] {
    const statuses = this.told.flatMap((told) => (told.what === 'status' ? [told] : []))
    return statuses
      .filter(({ status }, n) => status !== 'connected' && statuses[n - 1]?.status === 'connected')
      .map(({ why }) => why)
  }

  /** The transport that it is connected over now. */
  get transport(): string | undefined {
    const last = this.told.findLast((told) => told.what === 'status')
    return last?.what === 'status' && last.status === 'connected' ? last.transport : undefined
  }

  /** From its first dial until it was live. Milliseconds. */
  get liveAfterMs(): number {
    const dialled = this.told.find(({ what }) => what === 'status')
    const live = this.told.find(({ what }) => what === 'outcome')
    return (live?.at ?? Infinity) - (dialled?.at ?? 0)
  }

  /** What became of its publishes: each one's key and outcome, in the order of the outcomes. */
  get published(): readonly (readonly [key: number, as: string])[] {
    return this.told.flatMap((told) => (told.what === 'published' ? [[told.key, told.as] as const] : []))
  }

  /** Those of them that are stored. */
  get stored(): readonly number[] {
    return this.published.flatMap(([key, as]) => (as === 'stored' ? [key] : []))
  }

  publish(key: number): void {
    this.#child.send(key)
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

/** Waits until something holds. */
export async function until(what: string, holds: () => boolean, withinMs = 30_000): Promise<void> {
  for (const deadline = Date.now() + withinMs; Date.now() < deadline; await sleep(20)) if (holds()) return
  throw new Error(`It never came true that ${what}.`)
}
