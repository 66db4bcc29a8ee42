// `staywire serve`: starts a gateway and runs until it is told to end. Says one line on stdout when it is ready; its log goes
// to stderr.

import type { Command } from 'commander'
import { unknownVariables } from '../config/layers.ts'
import { loadConfig, requireSecret } from '../config/load.ts'
import { printConfig } from '../config/print-config.ts'
import type { Config } from '../config/schema.ts'
import { Failure } from '../failure.ts'
import { openLog, type Log } from '../log/logger.ts'
import { adviceOn } from '../serve/advice.ts'
import { channelsOf } from '../serve/embedded-server.ts'
import { startGateway, type Gateway } from '../serve/gateway.ts'
import { untilSignal } from '../serve/until-signal.ts'
import { readConfigFile } from './config-file.ts'
import { addSettings, givenFlags } from './options.ts'

interface ServeOptions {
  readonly config?: string
  readonly printConfig?: true
}

/** Adds the command to the program. */
export function addServeCommand(program: Command): void {
  const command = program
    .command('serve')
    .summary('start a gateway')
    .description(
      'Starts a gateway. Every setting can be a flag, a variable or a line in the configuration file; the first of these that is there counts.',
    )
    .option('--config <FILE>', 'Configuration file, YAML or JSON (STAYWIRE_CONFIG).')
    .option('--print-config', 'Prints the configuration in force, without secrets, and ends.')
  addSettings(command).action(async ({ config: file, printConfig: print }: ServeOptions) => {
    const config = loadConfig(givenFlags(command), process.env, readConfigFile(file, process.env))
    if (print === true) process.stdout.write(`${printConfig({ ...config, channels: channelsOf(config) })}\n`)
    else await serve(config)
  })
}

async function serve(config: Config): Promise<void> {
  requireSecret(config)
  const log = logOf(config)
  const { logger } = log
  process.once('uncaughtException', (error) => void crash(log, error))
  for (const advice of adviceOn(config, unknownVariables(process.env))) logger.warn(advice)
  // Before anybody is told that it listens: whoever is told may end it at once.
  const signalled = untilSignal()
  const gateway = await start(config, log)
  process.stdout.write(`staywire listening on ${gateway.url}\n`)
  logger.info(
    { url: gateway.url, node: gateway.node, dev: config.dev, adminApi: config.dev || config.adminKey !== undefined },
    'listening',
  )
  const signal = await signalled
  logger.info({ signal, overMs: config.drainMs }, 'draining')
  await gateway.stop()
  logger.info('ended')
  await log.end()
  process.exit(0)
}

function logOf({ logLevel, logDir, logMaxBytes }: Config): Log {
  try {
    return openLog(logLevel, logDir === undefined ? undefined : { directory: logDir, maxBytes: logMaxBytes })
  } catch (error) {
    throw new Failure(`--log-dir ${logDir} cannot be written to: ${(error as Error).message}`, 1)
  }
}

async function start(config: Config, log: Log): Promise<Gateway> {
  try {
    return await startGateway(config, log.logger)
  } catch (error) {
    if (!(error instanceof Failure)) return crash(log, error)
    await log.end()
    throw error
  }
}

/** Nothing that was not foreseen is survived: what state it left behind, nobody knows. */
async function crash(log: Log, error: unknown): Promise<never> {
  // Not as `fatal`, which pino would write synchronously.
  log.logger.error({ err: error }, 'crashed')
  await log.end()
  process.stderr.write(`staywire: crashed: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
