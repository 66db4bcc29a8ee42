// One run: a population of clients under load, a gateway that is killed and started again, round after round, and the judgement
// at the end. Everything random comes from the seed; the moments at which things happen are the machine's.

import { setTimeout as sleep } from 'node:timers/promises'
import { seededRandom } from 'staywire/testing'
import { check } from './check.ts'
import { count, quantile, type Figures } from './figures.ts'
import { GatewayProcess } from './harness/gateway-process.ts'
import { CHANNELS, Population } from './harness/population.ts'
import type { Line, Logs } from './history.ts'

export interface RunOptions {
  readonly seed: number
  readonly rounds: number
  /** How the gateway is ended in each round. */
  readonly signal: 'SIGKILL' | 'SIGTERM'
  /** Further flags of the gateway. */
  readonly flags?: readonly string[]
  /** Told after every round. */
  readonly progress?: (round: number) => void
}

export interface Judgement {
  readonly violations: readonly string[]
  readonly figures: Figures
  /** From spawn to listening, of every restart, in milliseconds, ascending. */
  readonly restartsMs: readonly number[]
  /** Exit codes of all rounds; `null` for what was killed. */
  readonly codes: readonly (number | null)[]
  readonly publications: number
  readonly lines: readonly Line[]
  readonly logs: Logs
}

/** Once some clients are back, load goes on this long in every round before the process ends, at least and at most. */
const CALM_MS = [200, 1_700] as const
/** A round waits no longer than this for clients to come back. */
const BACK_MS = 5_000

/** Runs all rounds and judges what came of them. */
export async function run({ seed, rounds, signal, flags, progress }: RunOptions): Promise<Judgement> {
  const random = seededRandom(seed, 'moments')
  const gateway = await GatewayProcess.create(flags)
  const population = new Population(seed)
  const restartsMs: number[] = []
  const codes: (number | null)[] = []
  try {
    await gateway.start()
    await population.start(gateway.url)
    for (let round = 1; round <= rounds; round++) {
      // Some rounds end while hardly anybody is back, others when all are.
      await population.back(Math.ceil(random() * population.clients.length), BACK_MS)
      await sleep(CALM_MS[0] + random() * (CALM_MS[1] - CALM_MS[0]))
      codes.push((await gateway.end(signal)).code)
      restartsMs.push(await gateway.start())
      progress?.(round)
    }
    await population.settle()
    const logs: Logs = new Map(
      await Promise.all(CHANNELS.map(async (channel) => [channel, await gateway.log(channel)] as const)),
    )
    await population.arrive(new Map([...logs].map(([channel, { position }]) => [channel, position.offset])))
    const { lines, now } = population
    const publications = [...logs.values()].reduce((sum, log) => sum + log.publications.length, 0)
    restartsMs.sort((a, b) => a - b)
    return {
      violations: check(lines, logs),
      figures: count(lines, now),
      restartsMs,
      codes,
      publications,
      lines: [...lines],
      logs,
    }
  } finally {
    population.close()
    await gateway.remove()
  }
}

/** A run in words. */
export function describeRun({ violations, figures, restartsMs, publications }: Judgement): string {
  const { stored, duplicates, unknown, refused, delivered, recovered, replayed, gaps } = figures
  const { availability, drops, reconnects, dials, downMs } = figures
  const ms = (list: readonly number[], share: number): string => `${quantile(list, share).toFixed(0)} ms`
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`
  return [
    `sessions     connected ${percent(availability)} of the time`,
    `reconnects   ${reconnects} of ${drops} drops (${percent(drops === 0 ? 1 : reconnects / drops)}), ${dials} dials`,
    `             from loss to connected p50 ${ms(downMs, 0.5)}, p99 ${ms(downMs, 0.99)}`,
    `restarts     ${restartsMs.length}, to listening p50 ${ms(restartsMs, 0.5)}, longest ${ms(restartsMs, 1)}`,
    `publishes    ${stored} stored (${duplicates} again under their key), ${unknown} unknown, ${refused} refused`,
    `log          ${publications} publications, ${delivered} deliveries`,
    `recoveries   ${recovered} (${replayed} with something missed), ${gaps} gaps`,
    violations.length === 0
      ? 'violations   0'
      : `violations   ${violations.length}\n${violations.slice(0, 50).join('\n')}`,
  ].join('\n')
}
