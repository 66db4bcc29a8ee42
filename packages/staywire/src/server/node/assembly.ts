// Puts the parts of a node together from its options. Nothing happens here but that.

import { LIMITS } from '../../protocol/limits.ts'
import { Rules } from '../channel/rules.ts'
import type { Terms } from '../connection/terms.ts'
import type { Connection } from '../connection/connection.ts'
import { Door } from '../guard/door.ts'
import { Guard } from '../guard/guard.ts'
import type { LimitedBy } from '../guard/limited.ts'
import { Rates } from '../guard/rates.ts'
import { Seats } from '../guard/seats.ts'
import type { ServerOptions } from '../options.ts'
import { Presence } from '../presence/presence.ts'
import { Admission } from '../session/admission.ts'
import { Bans } from '../session/bans.ts'
import { Revocations } from '../session/revocations.ts'
import { Sessions } from '../session/sessions.ts'
import { Decisions } from './decisions.ts'
import { Publisher } from './publisher.ts'
import type { Settings } from './settings.ts'
import { Store, type AppendWitness } from './store.ts'
import type { World } from './world.ts'

/** What the parts tell their node, and ask of it. */
export interface Hooks {
  readonly witness: AppendWitness
  /** How many are connected. */
  readonly population: () => number
  /** A connection lost its place to a claim of this term. */
  readonly beaten: (holder: string, term: number) => void
  /** A connection was refused a seat, or has to give it up. */
  readonly limited: (connection: Connection, limit: LimitedBy, outcome: 'refused' | 'evicted') => void
  /** The application's own code failed. */
  readonly failed: (error: unknown, where: string) => void
}

/** The parts. */
export interface Assembly {
  readonly rules: Rules
  /** Resolves when the broker is open. */
  readonly ready: Promise<void>
  readonly sessions: Sessions
  readonly bans: Bans
  readonly revocations: Revocations
  readonly presence: Presence
  readonly publisher: Publisher
  readonly admission: Admission
  readonly door: Door
  readonly decisions: Decisions
  readonly terms: Terms
}

/** Sessions without a connection that are kept, for each connection that the node may hold. */
const DROPPED_PER_CONNECTION = 4
/** Returning clients that a node takes well, per millisecond: the spread that is told grows with the population. */
const RETURNS_PER_MS = 0.5
const LEAST_SPREAD_MS = 1_000
const MOST_SPREAD_MS = 30_000

/** Makes them. Throws a `StaywireError` `bad-option` for rules that cannot be used. */
export function assemble(options: ServerOptions, settings: Settings, world: World, hooks: Hooks): Assembly {
  const { broker } = world
  const { limits } = settings
  const rules = new Rules(options.channels ?? {}, broker.durability)
  const ready = broker.open({ durabilityOf: (channel) => rules.of(channel).retention.durability })
  const store = new Store(broker, hooks.witness, ready)
  const sessions = new Sessions(limits.sessionTtlMs, limits.connections * DROPPED_PER_CONNECTION, world.sameSecret)
  const presence = new Presence(
    broker.members,
    { maxMembers: LIMITS.presenceMembers.value, lingerMs: LIMITS.lingerMs.value },
    (action) => world.soon(action),
    (error) => hooks.failed(error, 'presence'),
  )
  const bans = new Bans()
  const revocations = new Revocations()
  const admission = new Admission({
    node: world.node,
    sessions,
    leases: broker.leases,
    mint: world.mint,
    ttlMs: limits.sessionTtlMs,
    seats: new Seats(limits),
    isBanned: (user) => bans.has(user, world.now()),
    beaten: hooks.beaten,
    limited: hooks.limited,
  })
  const door = new Door({
    ...limits,
    now: () => world.now(),
    memory: () => world.memory(),
    limited: (connection, limit) => hooks.limited(connection, limit, 'refused'),
  })
  const decisions = new Decisions({
    authentication: {
      authenticate: options.authenticate,
      anonymous: settings.anonymous,
      name: () => world.mint.id(),
      wall: () => world.wall(),
      failed: (error) => hooks.failed(error, 'authenticate'),
    },
    authorize: options.authorize,
    calls: new Map(Object.entries(options.calls ?? {})),
    store,
    presence,
    admission,
    door,
    failed: hooks.failed,
  })
  const publisher = new Publisher(rules, store, limits.frameBytes)
  const terms = termsOf(options, settings, world, { rules, revocations, population: hooks.population })
  return { rules, ready, sessions, bans, revocations, presence, publisher, admission, door, decisions, terms }
}

function termsOf(
  options: ServerOptions,
  settings: Settings,
  world: World,
  { rules, revocations, population }: { rules: Rules; revocations: Revocations; population: () => number },
): Terms {
  return {
    node: world.node,
    settings,
    rules,
    guard: new Guard(options.authorize !== undefined),
    rates: new Rates(settings.limits),
    methods: new Set(Object.keys(options.calls ?? {})),
    revoked: (identity, session) => revocations.cover(identity, session),
    random: () => world.random(),
    wall: () => world.wall(),
    spreadMs: () => Math.round(Math.min(MOST_SPREAD_MS, Math.max(LEAST_SPREAD_MS, population() / RETURNS_PER_MS))),
    dedupe: () => world.broker.log.dedupe,
  }
}
