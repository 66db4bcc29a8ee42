// Puts the keeper of an outbox into the world: its disk, its locks, its console. Loaded only where persistence is wanted.

import type { TabEngine } from '../tab/tab-engine.ts'
import { Keeper } from '../outbox/keeper.ts'
import { OutboxStore } from './outbox-store.ts'
import { subjectOf } from './token-subject.ts'

/** Whose outbox it is. */
export interface KeepOptions {
  /** A name of this client that no other ever had. */
  readonly holder: string
  readonly tab: string
  /** The URL dialled. */
  readonly url: string
  readonly identity: string | undefined
}

/** Keeps the outbox of an engine on disk from now on, before a token was asked for. */
export function keepOutbox(engine: TabEngine, options: KeepOptions): void {
  const { holder, tab, url, identity } = options
  const { run, getToken, world } = engine
  const store = new OutboxStore(
    { holder, tab },
    {
      loaded: (scope, records) => run(() => keeper.loaded(scope, records)),
      written: (ids) => run(() => keeper.written(ids)),
      failed: (reason) => run(() => keeper.off(reason)),
    },
  )
  const keeper = new Keeper(world, engine.tab.outbox, { holder, tab, url, store, app: engine.tab })
  const identify = (given: string | undefined): void => run(() => keeper.identify(given))
  // An identity given by the app and a subject of a token must never look the same.
  if (identity !== undefined || !getToken) identify(identity && `identity ${identity}`)
  else
    engine.getToken = async () => {
      const token = await getToken()
      const subject = token ? subjectOf(token) : undefined
      if (token) identify(subject && `sub ${subject}`)
      return token
    }
  engine.tab.on('status', (status) => {
    // What the client ends when it is closed is to be removed first.
    if (status === 'closed') queueMicrotask(() => store.close())
  })
}
