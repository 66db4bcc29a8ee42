// JSON log lines on stderr, by pino. What could be a secret is cut out by name, should it ever get here.

import { pino, type Logger } from 'pino'

/** Names of fields whose values are never written, at any depth that the gateway logs. */
const SECRETS = ['token', 'authorization', 'cookie', 'secret', 'jwtSecret', 'adminKey', 'password']

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

/** Opens the log. `bindings` are in every line. */
export function openLog(level: string, bindings: Readonly<Record<string, string>> = {}): Log {
  const destination = pino.destination({ dest: STDERR, sync: false })
  const paths = SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`])
  const options = {
    level,
    base: bindings,
    redact: { paths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  return {
    logger: pino(options, destination),
    end: () =>
      new Promise((resolve) => {
        destination.once('close', resolve)
        setTimeout(resolve, END_TIMEOUT_MS)
        destination.end()
      }),
  }
}
