// The store that a configuration asks for: a data directory, or none. What cannot be stored anywhere is kept in memory.

import type { Logger } from 'pino'
import { embeddedStore, type EmbeddedStore } from 'staywire/server'
import type { Config } from '../config/schema.ts'
import { storeLog } from '../log/store-log.ts'

/** The store, not opened yet; `undefined` without a data directory. */
export function makeStore({ data, dataMaxBytes, dataWhenFull }: Config, logger: Logger): EmbeddedStore | undefined {
  if (data === undefined) return undefined
  return embeddedStore({
    directory: data,
    maxBytes: dataMaxBytes,
    whenFull: dataWhenFull,
    report: storeLog(logger, Date.now),
  })
}
