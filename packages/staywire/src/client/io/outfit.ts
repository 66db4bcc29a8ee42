// What some clients have from the start: the log, publishes on disk, and the spare of those that do not begin with a WebSocket.

import { log } from './debug.ts'
import type { Making } from './create.ts'
import { keepOutbox } from './keep-outbox.ts'
import type { Parts } from './parts.ts'
import { spareOfTab } from './spare.ts'

/** Puts it on. `logs`: whether there is to be a log; `keeper`: the tab whose publishes are to be kept. */
export function outfit(
  { engine, url, options, instance }: Omit<Making, 'parts'>,
  logs: boolean,
  keeper: string | undefined,
): Parts {
  const used = logs ? log : undefined
  if (keeper !== undefined)
    keepOutbox(engine, { holder: instance, tab: keeper, url: url(), identity: options.identity })
  return { log: used, spare: spareOfTab(engine, url, used) }
}
