// The life of a gateway in its process: started, told of on stdout in one line when it is ready, drained at the first signal. Its
// log goes to stderr.

import { unknownVariables } from '../config/layers.ts'
import type { Config } from '../config/schema.ts'
import { Failure } from '../failure.ts'
import { openLog, type Log } from '../log/logger.ts'
import { adviceOn } from './advice.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { untilSignal } from './until-signal.ts'

/** Starts a gateway and runs until it is told to end. `config` has what it needs to know anybody by. */
export async function serve(config: Config): Promise<void> {
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
