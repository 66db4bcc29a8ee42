// The configuration in force as `--print-config` shows it: JSON that could be saved and used as a file, secrets aside.

import type { Config } from './schema.ts'
import { SETTINGS } from './settings.ts'

/** What stands for a secret that is set. */
const REDACTED = '[redacted]'

/** JSON text over several lines. */
export function printConfig(config: Config): string {
  const secrets = new Set(SETTINGS.filter(({ secret }) => secret === true).map(({ key }) => key))
  return JSON.stringify(
    config,
    (key, value: unknown) => (secrets.has(key) && value !== undefined ? REDACTED : value),
    2,
  )
}
