// Every setting of the server, with the variable that changes it.

import { z } from 'zod'

const seconds = (value: number) => z.coerce.number().int().positive().default(value)

const schema = z.object({
  PORT: z.coerce.number().int().min(0).default(8104),
  DATA_DIR: z.string().default('data'),
  /** Signs tokens. Without one, everybody's device asks for a new token when the process starts again. */
  JWT_SECRET: z.string().min(32).optional(),
  TOKEN_SECONDS: seconds(900),
  REFRESH_SECONDS: seconds(30 * 86_400),
  /** A gateway that does the pushing, instead of the server in this process. It must have the same JWT secret. */
  GATEWAY_URL: z.url().optional(),
  GATEWAY_ADMIN_KEY: z.string().default(''),
})

/** The settings of this process. */
export const settings = schema.parse(process.env)
