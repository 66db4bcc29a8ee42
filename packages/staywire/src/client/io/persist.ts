// Lets the publishes of a client wait for what keeps them on disk, and goes on without if that does not come. Keeps nothing
// itself: that part is loaded only where it is wanted.

import type { ClientOptions } from '../api.ts'
import type { TabEngine } from '../tab/tab-engine.ts'
import type { Env } from '../env.ts'
import { OPEN_MS } from '../timing.ts'
import type { KeepOptions, KeptOutbox } from './keep-outbox.ts'

/** Persistence for one client. */
export interface Persistence {
  /** In place of the app's own: what it gives is looked at on its way. */
  readonly getToken: ClientOptions['getToken']
  start(env: Env, engine: TabEngine, options: KeepOptions): void
  /** The client was closed. */
  stop(): void
}

/** Prepares persistence for a client that asks for tokens by `getToken`. */
export function persistence(getToken: ClientOptions['getToken']): Persistence {
  let token: string | null | undefined
  let kept: KeptOutbox | undefined
  let stop: () => void
  return {
    getToken:
      getToken &&
      (async () => {
        token = await getToken()
        kept?.token(token)
        return token
      }),
    start(env, engine, options) {
      const { outbox } = engine.tab
      let waits = true
      outbox.keep = ({ kind }) => kind === 'publish'
      outbox.persistence = { state: 'opening', adopted: 0, expired: 0 }
      const without = (): void => {
        if (!waits) return
        stop()
        outbox.persistence = { state: 'off', reason: 'not loaded', adopted: 0, expired: 0 }
        globalThis.console.warn('[staywire] publishes are not persisted: not loaded')
        engine.run(() => outbox.pump())
      }
      stop = () => {
        waits = false
        outbox.keep = undefined
        kept?.close()
      }
      setTimeout(without, OPEN_MS)
      import('./keep-outbox.ts')
        .then(({ keepOutbox }) => {
          if (!waits) return
          kept = keepOutbox(env, engine, options, !!getToken)
          kept.token(token)
          waits = false
        })
        .catch(without)
    },
    stop: () => stop(),
  }
}
