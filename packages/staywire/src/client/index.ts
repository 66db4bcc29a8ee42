// `createClient`: makes the machines of a client and puts them into the world. Nothing happens when this is imported.

import type { Client, ClientEvents, ClientOptions } from './api.ts'
import { LibraryClient } from './client.ts'
import { Emitter } from './emitter.ts'
import { createClock } from './io/clock.ts'
import { createLog } from './io/debug.ts'
import { Engine } from './io/engine.ts'
import { nextTerm, pageIdentity, randomId, type PageIdentity } from './io/identity.ts'
import { onLine } from './io/page.ts'
import { registered } from './io/registry.ts'
import { pageUrl, resolveUrl } from './io/url.ts'
import { Alone } from './tab/alone.ts'

/**
 * The client for a server path: in a page or worker the one of that URL and `identity`, made at the first call and returned by
 * every later one. In Node each call makes another. It connects by itself when first needed (`subscribe`, `publish`, `call`),
 * or by `connect()`.
 *
 * `url` may be relative to the page, http(s) or ws(s). One that cannot be used throws `bad-url` in a page; outside of one, where
 * a page may be rendered that never connects, `connect()` rejects.
 */
export function createClient(url: string, options: ClientOptions = {}): Client {
  const page = pageUrl()
  if (page === undefined) return make(() => resolveUrl(url, page), options, pageIdentity(), 0, () => {})
  const resolved = resolveUrl(url, page)
  const key = options.identity === undefined ? resolved : `${resolved} as ${options.identity}`
  return registered(key, options, (identity, place, closed) => make(() => resolved, options, identity, place, closed))
}

function make(url: () => string, options: ClientOptions, identity: PageIdentity, place: number, closed: () => void): Client {
  const clock = createClock()
  const instance = randomId()
  const events = new Emitter<ClientEvents>()
  const { label, backoff, outbox, getToken, connectTimeoutMs = 10_000, lingerMs = 250 } = options
  const core = new Alone({
    backoff,
    connectTimeoutMs,
    hasToken: getToken !== undefined,
    term: nextTerm(clock.now()),
    introduction: {
      origin: { ...identity, instance, ...(label === undefined ? undefined : { label: label.slice(0, 128) }) },
      slot: place === 0 ? identity.tab : `${identity.tab}.${place}`,
      sdk: 'staywire-js',
    },
    onLine: onLine(),
    lingerMs,
    outbox,
    random: Math.random,
    events,
  })
  const engine = new Engine({ core, url, options, clock, log: createLog(options.debug, instance.slice(0, 4)) })
  return new LibraryClient(engine, options, events, instance, closed)
}

export { StaywireError } from '../protocol/error-code.ts'
export type { ErrorCode } from '../protocol/error-code.ts'
export type { Gap, GapReason, Json, Member, Outcome, PresenceMode } from '../protocol/frame.ts'
export type { Position } from '../protocol/position.ts'
export type { ChannelDefinition, ChannelName } from '../protocol/define-channel.ts'
export type * from './api.ts'
