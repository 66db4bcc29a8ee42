// JSON log lines on stderr, and in files where these are wanted, by pino. What could be a secret is cut out by name, should it ever get here.

import { join } from 'node:path'
import { pino, type Level, type Logger } from 'pino'
import { LogFile } from './log-file.ts'

/** Names of fields whose values are never written, at any depth that the gateway logs. */
const SECRETS = ['token', 'authorization', 'cookie', 'secret', 'jwtSecret', 'adminKey', 'webhookSecret', 'password']

const STDERR = 2
const END_TIMEOUT_MS = 1_000

/**
 * A logger with a way to write out what it still holds. Not by writing synchronously: a reader that is stuck or gone would
 * hold the process for ever.
 */
export interface Log {
  readonly logger: Logger
  /** Writes what is waiting, in order. Nothing can be logged afterwards. Resolves after a second at the latest: stderr may be stuck. */
  end(): Promise<void>
}

/** Files that are written beside stderr. */
export interface LogFiles {
  /** Gets `websocket.log` with every line, and `error.log` with those of level error. */
  readonly directory: string
  /** How large each may grow before it is put aside. */
  readonly maxBytes: number
}

/** Opens the log. Throws what Node throws when a file cannot be opened. */
export function openLog(level: string, wanted?: LogFiles): Log {
  const destination = pino.destination({ dest: STDERR, sync: false })
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  const options = {
    level,
    base: {},
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  const all = wanted && new LogFile(join(wanted.directory, 'websocket.log'), wanted.maxBytes)
  const errors = wanted && new LogFile(join(wanted.directory, 'error.log'), wanted.maxBytes)
  const lowest: Level = level === 'silent' ? 'fatal' : (level as Level)
  const streams = [
    { stream: destination, level: lowest },
    ...(all === undefined ? [] : [{ stream: all, level: lowest }]),
    ...(errors === undefined ? [] : [{ stream: errors, level: 'error' as const }]),
  ]
  return {
    logger: pino(options, streams.length === 1 ? destination : pino.multistream(streams)),
    async end() {
      const ended = new Promise<void>((resolve) => void destination.once('close', resolve))
      destination.end()
      const late = new Promise((resolve) => void setTimeout(resolve, END_TIMEOUT_MS))
      await Promise.race([Promise.all([ended, all?.end(), errors?.end()]), late])
    },
  }
}
