// Puts the keeper of an outbox into the world: its disk, its locks, its console. Loaded only where persistence is wanted.

import type { TabEngine } from '../tab/tab-engine.ts'
import type { Env } from '../env.ts'
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

/** What a kept outbox is told. */
export interface KeptOutbox {
  /** The app gave a token. */
  token(token: string | null | undefined): void
  /** The client was closed. */
  close(): void
}

/** Keeps the outbox of an engine on disk from now on. `asks`: whether there will be tokens. */
export function keepOutbox(env: Env, engine: TabEngine, options: KeepOptions, asks: boolean): KeptOutbox {
  const { holder, tab, url, identity } = options
  const { run } = engine
  const store = new OutboxStore(
    { holder, tab },
    {
      loaded: (scope, records) => run(() => keeper.loaded(scope, records)),
      written: (ids) => run(() => keeper.written(ids)),
      failed: (reason) => run(() => keeper.off(reason)),
    },
  )
  const keeper = new Keeper(env, engine.tab.outbox, { holder, tab, url, store, app: engine.tab })
  const identify = (given: string | undefined): void => run(() => keeper.identify(given))
  // An identity given by the app and a subject of a token must never look the same.
  if (identity !== undefined || !asks) identify(identity && `identity ${identity}`)
  return {
    token(token) {
      if (identity !== undefined || !token) return
      const subject = subjectOf(token)
      identify(subject && `sub ${subject}`)
    },
    close: () => store.close(),
  }
}
