// What a finding is: one diagnosed leak, with who it is about and since when. Its words are kept apart, by kind and language.

import type { OriginLabel } from '../../protocol/frame.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import type { ServerEvent } from '../../server/observer/observer.ts'
import type { Handshakes } from '../history/handshakes.ts'
import type { LiveConnections } from '../live/live-connections.ts'
import type { BrowserGroup } from './browser-group.ts'

/** Every kind of finding. */
export const FINDING_KINDS = [
  'duplicate-instance',
  'stale-page',
  'tabs-not-shared',
  'reconnect-overlap',
  'two-owners',
  'browser-over-one',
  'user-over-limit',
  'never-authenticated',
  'never-subscribed',
  'growing-subscriptions',
  'listener-growth',
  'reconnect-loop',
  'ghost-in-store',
  'descriptors-over-registry',
  'unidentified',
] as const

/** The kind of a finding. */
export type FindingKind = (typeof FINDING_KINDS)[number]

/** How bad it can be. */
export const FINDING_SEVERITIES = ['INFO', 'WARN', 'ERROR'] as const

/** How bad it is. */
export type FindingSeverity = (typeof FINDING_SEVERITIES)[number]

/** Whom a finding is about, as narrowly as it is known. */
export interface Subject extends OriginLabel {
  readonly user?: string
  readonly address?: string
  readonly agent?: string
}

/** What a detector sees at one look. */
export interface Suspicion {
  readonly subject: Subject
  /** How it came about, where a kind has several causes: part of the key of its words. */
  readonly variant?: string
  /** Connections that show it; the first few are kept as examples. */
  readonly connections: readonly string[]
  /** Numbers and names that its words speak of. */
  readonly values: Readonly<Record<string, number | string>>
}

/** One diagnosed leak. Times are Unix milliseconds. */
export interface Finding {
  /** The same as long as it lasts. */
  readonly id: string
  readonly kind: FindingKind
  readonly variant?: string
  readonly severity: FindingSeverity
  readonly subject: Subject
  readonly since: number
  /** How many connections show it. */
  readonly count: number
  /** Ids of at most five of them. */
  readonly examples: readonly string[]
  readonly values: Readonly<Record<string, number | string>>
}

/** What there is to look at. */
export interface Scene {
  readonly now: number
  readonly live: LiveConnections
  /** Browsers with more than one connection of the same user. */
  readonly groups: readonly BrowserGroup[]
  /** `undefined` before there is a server. */
  readonly stats: ServerStats | undefined
  readonly handshakes: Handshakes
}

/** Finds one kind of leak. */
export interface Detector {
  readonly kind: FindingKind
  readonly severity: FindingSeverity
  /** How long a suspicion must last before it is a finding: what comes and goes is no leak. */
  readonly afterMs: number
  look(scene: Scene): readonly Suspicion[]
  /** Takes in events, for detectors that remember. */
  report?(event: ServerEvent, now: number): void
}
