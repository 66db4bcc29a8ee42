// What differs from place to place, read once from the environment.

/** Most streams at once: what the process is sized for in production, and a leak soon noticed elsewhere. */
const MOST_STREAMS = { production: 10_000, development: 100 } as const

const MINUTE = 60_000

/** The settings of this process. */
export const settings = {
  port: Number(process.env['PORT'] ?? 8103),
  maxConnections: process.env['ENVIRONMENT'] === 'production' ? MOST_STREAMS.production : MOST_STREAMS.development,
  /** Streams of one person at once. One that is too many takes the place of the oldest. */
  streamsPerUser: 1,
  /** After so long a stream that listens to nothing is closed. */
  idleMs: Number(process.env['IDLE_MS'] ?? 5 * MINUTE),
  /** Without a secret of its own a process makes one, and who was signed in before has to sign in again. */
  secret: process.env['JWT_SECRET'],
  /** How long a token is good for, in seconds. */
  tokenSeconds: 12 * 3_600,
} as const
