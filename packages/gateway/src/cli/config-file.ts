// Finds and reads the configuration file that `--config` or STAYWIRE_CONFIG names. What is in it is for others to judge.

import { readFileSync } from 'node:fs'
import { CONFIG_VARIABLE, type ConfigFile, type Environment } from '../config/layers.ts'
import { Failure } from '../failure.ts'

/** The file, or `undefined` when none is named. Throws a `Failure` for one that cannot be read. */
export function readConfigFile(flag: string | undefined, environment: Environment): ConfigFile | undefined {
  const variable = environment[CONFIG_VARIABLE]
  const name = flag ?? (variable === '' ? undefined : variable)
  if (name === undefined) return undefined
  try {
    return { name, text: readFileSync(name, 'utf8') }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const problem = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`
    throw new Failure(`the configuration file ${name} ${problem}`)
  }
}
