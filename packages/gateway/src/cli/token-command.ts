// `staywire token`: prints a signed token, alone on its line. For trying things out and for scripts; applications sign their own.

import { Option, type Command } from 'commander'
import { compilePattern } from 'staywire/protocol'
import { loadConfig } from '../config/load.ts'
import { SETTINGS } from '../config/settings.ts'
import { Failure } from '../failure.ts'
import { secretAlgorithmOf } from '../identity/token-keys.ts'
import { secretKey, signToken } from '../identity/token.ts'
import { userIdProblem } from '../identity/user-id.ts'
import { readConfigFile } from './config-file.ts'
import { parseDuration } from './duration.ts'
import { addSettings, collect, givenFlags } from './options.ts'

const SECRET = SETTINGS.filter(({ key }) => key === 'jwtSecret' || key === 'jwtAlgorithm')

interface TokenOptions {
  readonly user: string
  readonly expires: string
  readonly subscribe?: readonly string[]
  readonly publish?: readonly string[]
  readonly config?: string
}

/** Adds the command to the program. */
export function addTokenCommand(program: Command): void {
  const command = program
    .command('token')
    .summary('print a token for a user')
    .description("Prints a JSON Web Token for a user, alone on its line, signed with the gateway's secret.")
    .requiredOption('--user <ID>', 'The user that the token is for.')
    .option('--expires <DURATION>', 'How long it is good for: 30s, 15m, 1h, 7d.', '1h')
    .addOption(patternOption('subscribe'))
    .addOption(patternOption('publish'))
    .option('--config <FILE>', 'Configuration file that holds the secret (STAYWIRE_CONFIG).')
  addSettings(command, SECRET).action(async (options: TokenOptions) => {
    process.stdout.write(`${await token(command, options)}\n`)
  })
}

async function token(command: Command, { user, expires, subscribe, publish, config }: TokenOptions): Promise<string> {
  const problem = userIdProblem(user)
  if (problem !== undefined) throw new Failure(`--user ${JSON.stringify(user)} ${problem}`)
  const expiresInMs = parseDuration(expires)
  if (expiresInMs === undefined)
    throw new Failure(`--expires is ${expires}, allowed: a duration like 30s, 15m, 1h or 7d`)
  refuseMalformed('subscribe', subscribe)
  refuseMalformed('publish', publish)
  const { jwtSecret, jwtAlgorithm } = loadConfig(
    givenFlags(command, SECRET),
    process.env,
    readConfigFile(config, process.env),
  )
  if (jwtSecret === undefined) throw new Failure('no secret to sign with: give --jwt-secret or STAYWIRE_JWT_SECRET')
  const facts = { user, expiresInMs, ...(subscribe && { subscribe }), ...(publish && { publish }) }
  return signToken(facts, await secretKey(jwtSecret, secretAlgorithmOf(jwtAlgorithm)), Date.now())
}

function patternOption(name: 'subscribe' | 'publish'): Option {
  return new Option(
    `--${name} <PATTERN>`,
    `Channels it may ${name} to beyond the rules: chat:*. May be repeated.`,
  ).argParser(collect)
}

function refuseMalformed(name: string, patterns: readonly string[] = []): void {
  for (const pattern of patterns) {
    try {
      compilePattern(pattern)
    } catch (error) {
      throw new Failure(`--${name}: ${(error as RangeError).message}`)
    }
  }
}
