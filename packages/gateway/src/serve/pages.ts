// Which pages a configuration serves: the operations page where there is an admin API, the demo in development.

import type { Logger } from 'pino'
import type { Config } from '../config/schema.ts'
import { pageFolder } from '../site/page-folder.ts'
import { Site } from '../site/site.ts'

/** The pages, narrower prefixes first. One that is not built is named in the log and left out. */
export function pagesOf({ dev, adminKey }: Config, logger: Logger): readonly Site[] {
  return [
    ...(dev || adminKey !== undefined ? page('@staywire/dashboard', ['dashboard'], logger) : []),
    ...(dev ? page('@staywire/demo', [], logger) : []),
  ]
}

function page(
  name: '@staywire/demo' | '@staywire/dashboard',
  prefix: readonly string[],
  logger: Logger,
): readonly Site[] {
  const folder = pageFolder(name)
  if (folder !== undefined) return [new Site(prefix, folder)]
  logger.warn({ package: name }, 'this page is not served: its package is missing or not built')
  return []
}
