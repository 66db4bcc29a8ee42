// Lets a tab share its connection: finds out where owners can be, and puts a remote owner in the tab's world. Loaded only where
// sharing is wanted.

import type { HeldOwner } from '../owner/port.ts'
import type { Locks } from '../sharing/locks.ts'
import { RemoteOwner } from '../sharing/remote-owner.ts'
import type { Placement } from '../sharing/placement.ts'
import { yielding } from '../sharing/yielding.ts'
import type { OriginLabel } from '../../protocol/frame.ts'
import { attend } from '../tab/attend.ts'
import { openBroadcast } from './broadcast.ts'
import type { Making } from './create.ts'
import { keptBrowser, nextTerm, renameBrowser } from './identity.ts'
import { webLocks } from './locks.ts'
import { listenForLife } from './page-life.ts'
import { listenForHints, onLine } from './page.ts'
import { sharedWorker, workerOf } from './shared-worker.ts'
import { tabsPlace, workersCanBeTrusted } from './tabs-place.ts'
import { rememberTransport } from './transports.ts'
import { subjectOf } from './token-subject.ts'

const NOWHERE = 'this page has no Web Locks (it is not secure) or the browser has no place for an owner'

/** Makes the remote owner of a tab. `alone`: gives the tab a connection of its own instead. */
export function share(making: Making, alone: (why: string) => void): HeldOwner {
  const { engine, options, settings, parts } = making
  const { run, tab, world } = engine
  attend(engine)
  const { backoff, connectTimeoutMs, transports, recalled, hello } = settings
  const { identity, getToken, hidden } = options
  const url = making.url()
  const locks = webLocks()
  const placements = locks && 'BroadcastChannel' in globalThis ? placesOf(making, locks) : []
  const { pathname, search } = new URL(url)
  const place = `${pathname === '/realtime' ? '' : pathname}${search}${identity ?? ''}`
  const owner = new RemoteOwner(world, tab, {
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
      onLine: onLine(),
      hidden,
      debug: parts.log !== undefined,
      term: nextTerm(world.now),
      // Two server paths, or two people, in one browser have a place each.
      hello: {
        ...hello,
        origin: { ...hello.origin, browser: keptBrowser() ?? hello.origin?.browser } as OriginLabel,
        slot: `shared${place && ` ${place}`}`.slice(0, 64),
      },
    }),
    alone(why) {
      alone(why || NOWHERE)
      tab.owner.connect()
    },
    renamed: renameBrowser,
    remember: (transport) => rememberTransport(url, transport),
    run,
    visible: document.visibilityState === 'visible',
    stop: () => undo.forEach((each) => each()),
  })
  const undo = [
    listenForHints((hint) => run(() => owner.hint(hint))),
    listenForLife({ suspended: () => run(() => owner.suspend()), resumed: () => run(() => owner.resume()) }),
  ]
  return owner
}

/** Where an owner can be, the best place first. */
function placesOf({ engine, options, instance, url }: Making, locks: Locks): Placement[] {
  const { worker } = options
  const places: Placement[] = []
  // Who names a worker knows what the app's users have.
  if (worker !== false && 'SharedWorker' in globalThis && (worker || workersCanBeTrusted()))
    places.push(yielding(sharedWorker(workerOf(worker, url()), instance, locks), openBroadcast))
  places.push(tabsPlace(engine.world, engine.run, locks, instance))
  return places
}
