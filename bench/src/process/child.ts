/** A child process of the bench: pinned to one CPU where `taskset` exists, asked over IPC, gone when stopped. */

import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Ask } from './asks.ts'

/** How a child is started. */
export interface ChildOptions {
  /** Names the child in errors. */
  readonly name: string
  /** Program, relative to `bench/src`. */
  readonly file: string
  /** CPU to pin to; undefined leaves it to the kernel. */
  readonly cpu: number | undefined
  /** Flags for Node. */
  readonly flags?: readonly string[]
  /** Another runtime from the PATH instead of this Node; flags are not for it. */
  readonly runtime?: string | undefined
}

interface Waiting {
  resolve(value: unknown): void
  reject(error: Error): void
}

/** True where processes can be pinned. */
export const canPin = canRun('taskset')

/** True where a program of that name is on the PATH. */
export function canRun(program: string): boolean {
  return spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0
}

/** A running child that answers asks; every pending ask fails if it dies. */
export class Child {
  readonly #name: string
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, Waiting>()
  #asked = 0
  #gone: string | undefined

  constructor({ name, file, cpu, flags = [], runtime }: ChildOptions) {
    this.#name = name
    const script = fileURLToPath(new URL(`../${file}`, import.meta.url))
    const program = runtime === undefined ? [process.execPath, ...flags, script] : [runtime, script]
    const pinned = cpu !== undefined && canPin ? ['taskset', '-c', String(cpu), ...program] : program
    // A child's stdout joins our stderr: stdout carries the table alone.
    this.#process = spawn(pinned[0] ?? '', pinned.slice(1), { stdio: ['ignore', 2, 2, 'ipc'] })
    this.#process.on('message', (message) => this.#answered(message as Answer))
    this.#process.on('exit', (code, signal) => this.#ended(`${name} ended (${signal ?? `exit code ${code}`})`))
    this.#process.on('error', (error) => this.#ended(`${name} could not be started: ${error.message}`))
  }

  /** Asks the child; rejects with its error, or when it ends before answering. */
  ask<Value>(what: string, given: unknown = {}): Promise<Value> {
    if (this.#gone !== undefined) return Promise.reject(new Error(this.#gone))
    const ask: Ask = { ask: (this.#asked += 1), what, given }
    return new Promise<Value>((resolve, reject) => {
      this.#waiting.set(ask.ask, { resolve: (value) => resolve(value as Value), reject })
      this.#process.send(ask)
    })
  }

  /** Ends the child and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#gone !== undefined) return
    const exited = new Promise((resolve) => this.#process.once('exit', resolve))
    this.#process.kill('SIGKILL')
    await exited
  }

  #answered(message: Answer): void {
    const waiting = this.#waiting.get(message.answer)
    this.#waiting.delete(message.answer)
    if ('error' in message) waiting?.reject(new Error(`${this.#name}: ${message.error}`))
    else waiting?.resolve(message.value)
  }

  #ended(why: string): void {
    this.#gone = why
    for (const waiting of this.#waiting.values()) waiting.reject(new Error(why))
    this.#waiting.clear()
  }
}
