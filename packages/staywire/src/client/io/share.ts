// Lets a tab share its connection: finds out where owners can be, and puts a remote owner in the tab's world. Loaded only where
// sharing is wanted.

import type { ClientOptions } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { Env } from '../env.ts'
import { RemoteOwner } from '../sharing/remote-owner.ts'
import type { Placement } from '../sharing/placement.ts'
import type { Loaded, TabEngine } from '../tab/tab-engine.ts'
import { createLog } from './debug.ts'
import { nextTerm } from './identity.ts'
import { webLocks } from './locks.ts'
import { listenForHints } from './page.ts'
import { sharedWorker, workerOf } from './shared-worker.ts'
import { subjectOf } from './token-subject.ts'

/** What a tab shares with. */
export interface ShareSettings extends ConnectionSettings {
  /** The URL dialled. */
  readonly url: string
  readonly instance: string
  /** Gives the tab a connection of its own instead. */
  readonly alone: (why: string) => void
}

/** Makes the remote owner of a tab. */
export function share(env: Env, engine: TabEngine, options: ClientOptions, settings: ShareSettings): Loaded {
  const { run, tab } = engine
  const { url, instance, backoff, connectTimeoutMs, transports, recalled, onLine, hello } = settings
  const { identity, getToken, worker, debug } = options
  const locks = webLocks()
  const placements: Placement[] = []
  if (locks && worker !== false && 'SharedWorker' in globalThis)
    placements.push(sharedWorker(workerOf(worker, url), instance, locks))
  const { pathname, search } = new URL(url)
  const place = `${pathname === '/realtime' ? '' : pathname}${search}${identity ?? ''}`
  const stop = (): void => undo.forEach((each) => each())
  const owner = new RemoteOwner(env, tab, {
    placements,
    url,
    identity,
    tokens: getToken !== undefined,
    subject: subjectOf,
    owner: () => ({
      url,
      backoff,
      connectTimeoutMs,
      transports: [...transports],
      recalled,
      onLine,
      debug: createLog(debug) !== undefined,
      term: nextTerm(env.now),
      // Two server paths, or two people, in one browser have a place each.
      hello: { ...hello, slot: `shared${place && ` ${place}`}`.slice(0, 64) },
    }),
    alone(why) {
      const reason = why || 'this page has no Web Locks (it is not secure) or the browser has no place for an owner'
      globalThis.console.warn(`[staywire] this tab has a connection of its own: ${reason}`)
      settings.alone(reason)
      tab.owner.connect()
    },
    run,
    visible: document.visibilityState === 'visible',
  })
  const undo = [
    listenForHints((hint) => run(() => owner.hint(hint))),
    heed(['pagehide', 'freeze'], () => run(() => owner.suspend())),
    heed(['pageshow', 'resume'], () => run(() => owner.resume())),
  ]
  return { owner, stop }
}

/** Listens to events of the window, those that are fired at the document included. */
function heed(events: readonly string[], act: () => void): () => void {
  for (const event of events) addEventListener(event, act, true)
  return () => {
    for (const event of events) removeEventListener(event, act, true)
  }
}
