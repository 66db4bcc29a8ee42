// Lets a tab share its connection: finds out where owners can be, and puts a remote owner in the tab's world. Loaded only where
// sharing is wanted.

import type { ClientOptions } from '../api.ts'
import type { ConnectionSettings } from '../connection/settings.ts'
import type { Env } from '../env.ts'
import type { Locks } from '../sharing/locks.ts'
import { RemoteOwner } from '../sharing/remote-owner.ts'
import type { Placement } from '../sharing/placement.ts'
import { yielding } from '../sharing/yielding.ts'
import type { Loaded, TabEngine } from '../tab/tab-engine.ts'
import type { OriginLabel } from '../../protocol/frame.ts'
import { openBroadcast } from './broadcast.ts'
import { createLog } from './debug.ts'
import { keptBrowser, nextTerm, renameBrowser } from './identity.ts'
import { webLocks } from './locks.ts'
import { listenForLife } from './page-life.ts'
import { listenForHints } from './page.ts'
import { sharedWorker, workerOf } from './shared-worker.ts'
import { tabsPlace, workersCanBeTrusted } from './tabs-place.ts'
import { subjectOf } from './token-subject.ts'

/** What a tab shares with. */
export interface ShareSettings extends ConnectionSettings {
  /** The URL dialled. */
  readonly url: string
  readonly instance: string
  /** Gives the tab a connection of its own instead. */
  readonly alone: (why: string) => void
}

const NOWHERE = 'this page has no Web Locks (it is not secure) or the browser has no place for an owner'

/** Makes the remote owner of a tab. */
export function share(env: Env, engine: TabEngine, options: ClientOptions, settings: ShareSettings): Loaded {
  const { run, tab } = engine
  const { url, backoff, connectTimeoutMs, transports, recalled, onLine, hello } = settings
  const { identity, getToken, debug, hidden } = options
  const locks = webLocks()
  const placements = locks && 'BroadcastChannel' in globalThis ? placesOf(env, run, options, locks, settings) : []
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
      hidden,
      debug: createLog(debug) !== undefined,
      term: nextTerm(env.now),
      // Two server paths, or two people, in one browser have a place each.
      hello: {
        ...hello,
        origin: { ...hello.origin, browser: keptBrowser() ?? hello.origin?.browser } as OriginLabel,
        slot: `shared${place && ` ${place}`}`.slice(0, 64),
      },
    }),
    alone(why) {
      const reason = why || NOWHERE
      globalThis.console.warn(`[staywire] this tab has a connection of its own: ${reason}`)
      settings.alone(reason)
      tab.owner.connect()
    },
    renamed: renameBrowser,
    run,
    visible: document.visibilityState === 'visible',
  })
  const undo = [
    listenForHints((hint) => run(() => owner.hint(hint))),
    listenForLife({ suspended: () => run(() => owner.suspend()), resumed: () => run(() => owner.resume()) }),
  ]
  return { owner, stop }
}

/** Where an owner can be, the best place first. */
function placesOf(
  env: Env,
  run: TabEngine['run'],
  { worker }: ClientOptions,
  locks: Locks,
  { url, instance }: ShareSettings,
): Placement[] {
  const places: Placement[] = []
  // Who names a worker knows what the app's users have.
  if (worker !== false && 'SharedWorker' in globalThis && (worker || workersCanBeTrusted()))
    places.push(yielding(sharedWorker(workerOf(worker, url), instance, locks), openBroadcast))
  places.push(tabsPlace(env, run, locks, instance))
  return places
}
