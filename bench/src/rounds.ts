/** Takes the servers through the scenarios in alternating rounds, each attempt with fresh processes. Judges nothing. */

import { availableParallelism } from 'node:os'
import { existsSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Options } from './options.ts'
import { Pair } from './process/pair.ts'
import type { Attempt } from './report/outcome.ts'
import { topFunctions, type CpuProfile } from './report/profile.ts'
import type { Scenario } from './scenario.ts'
import type { ServerChoice } from './server-list.ts'

/** Functions named per profile. */
const TOP = 25

/** Runs everything; `tell` gets one line per attempt. */
export async function runRounds(options: Options, tell: (line: string) => void): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = []
  for (const scenario of options.scenarios) {
    for (let round = 1; round <= options.rounds; round += 1) {
      // A B C A B C: what drifts on the machine drifts for all of them.
      const takesPart = (server: ServerChoice): boolean =>
        server[scenario.wire ?? 'websocket'] !== undefined && (scenario.servers?.includes(server.name) ?? true)
      for (const server of options.servers.filter(takesPart)) {
        const profile = profileOf(scenario, server, round, options)
        const attempt = await runAttempt(scenario, server, round, options, profile)
        attempts.push(attempt)
        tell(describe(attempt, scenario, options.rounds))
        if (profile !== undefined && existsSync(profile)) {
          for (const line of topFunctions(JSON.parse(readFileSync(profile, 'utf8')) as CpuProfile, TOP)) tell(line)
        }
      }
    }
  }
  return attempts
}

function profileOf(scenario: Scenario, server: ServerChoice, round: number, { profile }: Options): string | undefined {
  return profile && resolve(profile, `${scenario.name}-${server.name}-${round}.cpuprofile`)
}

async function runAttempt(
  scenario: Scenario,
  server: ServerChoice,
  round: number,
  options: Options,
  profile: string | undefined,
): Promise<Attempt> {
  const named = { scenario: scenario.name, server: server.name, round }
  let pair: Pair | undefined
  try {
    pair = await Pair.start({
      server,
      wire: scenario.wire ?? 'websocket',
      cpu: options.cpu ?? availableParallelism() - 1,
      setup: scenario.setup,
      memory: scenario.memory,
      profile,
    })
    return { ...named, result: { figures: await scenario.run(pair, options.size) } }
  } catch (error) {
    return { ...named, result: { failed: error instanceof Error ? error.message : String(error) } }
  } finally {
    await pair?.stop()
  }
}

function describe({ server, round, result }: Attempt, scenario: Scenario, rounds: number): string {
  const head = `${scenario.name} ${round}/${rounds} ${server}`
  if ('failed' in result) return `${head}: FAILED, ${result.failed}`
  const figures = scenario.figures.map(
    ({ name, heading, digits }) => `${(result.figures[name] ?? Number.NaN).toFixed(digits)} ${heading}`,
  )
  return `${head}: ${figures.join(', ')}`
}
