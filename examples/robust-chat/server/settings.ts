// Every setting of the server in one place, with the variable that changes it. A value that cannot be used ends the process with
// its name.

import { z } from 'zod'

const ms = (value: number) => z.coerce.number().int().positive().default(value)

const schema = z.object({
  /** Port. 0: any that is free. */
  PORT: z.coerce.number().int().min(0).default(8105),
  /** Signs tokens. Without one, everybody signs in anew when the process starts again. */
  JWT_SECRET: z.string().min(32).optional(),
  TOKEN_SECONDS: z.coerce.number().int().positive().default(3_600),
  /** Where messages survive the process. */
  DATA_DIR: z.string().default('data'),
  LOG_DIR: z.string().default('logs'),
  LOG_MAX_BYTES: z.coerce.number().int().positive().default(5_000_000),
  MAX_CONNECTIONS: z.coerce.number().int().positive().default(1_000),
  HEARTBEAT_INTERVAL_MS: ms(30_000),
  HEARTBEAT_TIMEOUT_MS: ms(10_000),
  COMPRESSION_THRESHOLD_BYTES: ms(1_024),
  /** Messages that come so soon after each other go together. */
  BATCH_MS: ms(20),
  /** Connections that vanished, in a second, above which there is an alert, and over which time. */
  ALERT_DROPS_PER_SECOND: z.coerce.number().positive().default(0.2),
  ALERT_WINDOW_MS: ms(60_000),
})

/** The settings of this process. */
export const settings = schema.parse(process.env)
