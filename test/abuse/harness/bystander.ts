// The bystander of a test: starts it beside everything, and asks it what it has seen.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Seen } from './bystander-program.ts'

const PROGRAM = fileURLToPath(new URL('bystander-program.ts', import.meta.url))

/** What a busy machine may add to the wait of anybody, on top of what is compared. */
export const NOISE_MS = 100

/** Calm and hostile stretches of one run, side by side. Milliseconds. */
export interface Comparison {
  /** Median of the 99th percentiles of the calm stretches. */
  readonly calmP99Ms: number
  readonly hostileP99Ms: number
  readonly disturbances: readonly string[]
}

export class Bystander {
  readonly #child: ChildProcess

  private constructor(child: ChildProcess) {
    this.#child = child
  }

  /** Starts one; returns when it is connected. */
  static async start(url: string, token: string): Promise<Bystander> {
    const child = fork(PROGRAM, [url, token], { execArgv: [] })
    await once(child, 'message', { signal: AbortSignal.timeout(30_000) })
    return new Bystander(child)
  }

  /** What it has seen since it was asked last, once all it published has come back to it. */
  async seen(): Promise<Seen> {
    this.#child.send('report')
    const [seen] = (await once(this.#child, 'message', { signal: AbortSignal.timeout(30_000) })) as [Seen]
    return seen
  }

  /** Does something hostile several times, each time after a calm stretch that takes as long. */
  async compare(rounds: number, hostile: () => Promise<unknown>): Promise<Comparison> {
    const calm: number[] = []
    const disturbed: number[] = []
    const disturbances: string[] = []
    let lastedMs = 500
    await this.seen()
    for (let round = 0; round < rounds; round++) {
      await sleep(lastedMs)
      calm.push((await this.seen()).p99Ms)
      const since = performance.now()
      await hostile()
      lastedMs = Math.min(2_000, Math.max(500, performance.now() - since))
      const seen = await this.seen()
      disturbed.push(seen.p99Ms)
      disturbances.push(...seen.disturbances)
    }
    return { calmP99Ms: median(calm), hostileP99Ms: median(disturbed), disturbances }
  }

  end(): void {
    this.#child.kill('SIGKILL')
  }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
