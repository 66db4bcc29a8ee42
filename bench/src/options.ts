/** The command line of the bench. Anything it does not know is an error, in one line. */

import { parseArgs } from 'node:util'
import type { Scenario, Size } from './scenario.ts'
import { SCENARIOS } from './scenarios/all.ts'
import { FLOOR, SERVERS, type ServerChoice } from './server-list.ts'

/** What to run. */
export interface Options {
  readonly scenarios: readonly Scenario[]
  readonly servers: readonly ServerChoice[]
  readonly rounds: number
  readonly size: Size
  /** CPU both processes share; undefined = the last one. */
  readonly cpu: number | undefined
  /** Folder for CPU profiles of the servers, one per attempt; undefined = none. */
  readonly profile: string | undefined
  /** True writes to `bench/results`. */
  readonly save: boolean
}

/** What is wrong with the command line. */
export class UsageError extends Error {}

export const HELP = `Measures Staywire beside other servers: CPU time of the server process per unit of work, and memory per connection.

npm run bench -- [options]

  --only a,b       scenarios: ${SCENARIOS.map(({ name }) => name).join(', ')} (default: all)
  --servers a,b    servers: ${SERVERS.map(({ name }) => name).join(', ')} (default: all;
                   ${FLOOR} always runs, ratios are against it; bun only where it is installed)
  --rounds N       alternating rounds per scenario, medians are reported (default: 3, with --quick 1)
  --quick          smaller work, for a look; writes no files
  --cpu N          CPU that server and load share (default: the last one)
  --profile DIR    writes a CPU profile of each server's measured window and names the functions that cost most;
                   figures are worth less then, no other files are written
  --help           this text

The table goes to stdout, progress to stderr; files to bench/results/. Exit code 1 if an attempt failed or lost a message.`

/** Reads the command line; undefined means help was asked for. Throws UsageError. `canRun` says whether a runtime is installed. */
export function readOptions(args: readonly string[], canRun: (runtime: string) => boolean): Options | undefined {
  const given = parse(args)
  if (given.help === true) return undefined
  const quick = given.quick === true
  return {
    scenarios: choose('scenario', SCENARIOS, given.only),
    servers: chooseServers(given.servers, canRun),
    rounds: given.rounds === undefined ? (quick ? 1 : 3) : whole('--rounds', given.rounds, 1),
    size: quick ? 'quick' : 'full',
    cpu: given.cpu === undefined ? undefined : whole('--cpu', given.cpu, 0),
    profile: given.profile,
    save: !quick && given.profile === undefined,
  }
}

function parse(args: readonly string[]): Given {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string' },
        servers: { type: 'string' },
        rounds: { type: 'string' },
        quick: { type: 'boolean' },
        cpu: { type: 'string' },
        profile: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    return values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

interface Given {
  only?: string
  servers?: string
  rounds?: string
  quick?: boolean
  cpu?: string
  profile?: string
  help?: boolean
}

function chooseServers(names: string | undefined, canRun: (runtime: string) => boolean): readonly ServerChoice[] {
  const runs = ({ runtime }: ServerChoice): boolean => runtime === undefined || canRun(runtime)
  if (names === undefined) return SERVERS.filter(runs)
  const chosen = choose('server', SERVERS, `${FLOOR},${names}`)
  const missing = chosen.find((server) => !runs(server))
  if (missing !== undefined) throw new UsageError(`server "${missing.name}" needs ${missing.runtime} on the PATH`)
  return chosen
}

function choose<Named extends { readonly name: string }>(
  what: string,
  all: readonly Named[],
  names: string | undefined,
): readonly Named[] {
  if (names === undefined) return all
  const wanted = new Set(names.split(',').map((name) => name.trim()))
  for (const name of wanted) {
    if (!all.some((one) => one.name === name)) {
      throw new UsageError(`no ${what} "${name}"; there are ${all.map((one) => one.name).join(', ')}`)
    }
  }
  return all.filter(({ name }) => wanted.has(name))
}

function whole(flag: string, text: string, least: number): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < least)
    throw new UsageError(`${flag} takes a whole number from ${least}, not "${text}"`)
  return number
}
