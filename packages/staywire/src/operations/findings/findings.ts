// The findings of a node: looks with every detector from time to time, and keeps what lasts. What is over is gone with the next
// look. It closes nobody.

import type { ServerEvent } from '../../server/observer/observer.ts'
import type { ServerStats } from '../../server/observer/server-stats.ts'
import type { Handshakes } from '../history/handshakes.ts'
import type { LiveConnections } from '../live/live-connections.ts'
import { browserGroups } from './browser-group.ts'
import { browserOverOne } from './detectors/browser-over-one.ts'
import { descriptorsOverRegistry } from './detectors/descriptors-over-registry.ts'
import { duplicateInstance } from './detectors/duplicate-instance.ts'
import { ghostInStore } from './detectors/ghost-in-store.ts'
import { growingSubscriptions } from './detectors/growing-subscriptions.ts'
import { listenerGrowth } from './detectors/listener-growth.ts'
import { neverAuthenticated } from './detectors/never-authenticated.ts'
import { neverSubscribed } from './detectors/never-subscribed.ts'
import { reconnectLoop } from './detectors/reconnect-loop.ts'
import { reconnectOverlap } from './detectors/reconnect-overlap.ts'
import { stalePage } from './detectors/stale-page.ts'
import { tabsNotShared } from './detectors/tabs-not-shared.ts'
import { twoOwners } from './detectors/two-owners.ts'
import { unidentified } from './detectors/unidentified.ts'
import { userOverLimit } from './detectors/user-over-limit.ts'
import type { Detector, Finding, FindingKind, FindingSeverity, Suspicion } from './finding.ts'

/** What the detectors look at. */
export interface FindingSources {
  readonly live: LiveConnections
  readonly handshakes: Handshakes
  stats(): ServerStats | undefined
}

const EXAMPLES = 5
/** Findings of one kind that are kept; more of the same say nothing new. */
const MOST_OF_KIND = 200
/** Looks are this far apart, and farther where there is much to look at. A bit less than two ticks, which come late rather than early. */
const EVERY_MS = 1_500
const MS_PER_CONNECTION = 0.1
const RANK: Readonly<Record<FindingSeverity, number>> = { ERROR: 0, WARN: 1, INFO: 2 }

interface Suspected {
  readonly detector: Detector
  readonly since: number
  suspicion: Suspicion
}

/** All findings. */
export class Findings {
  readonly #sources: FindingSources
  readonly #detectors: readonly Detector[]
  #suspected = new Map<string, Suspected>()
  #lookAt = 0
  #now = 0

  /** `mostPerUser`: connections of one user above which it is a finding. */
  constructor(sources: FindingSources, mostPerUser: number) {
    this.#sources = sources
    this.#detectors = [
      duplicateInstance,
      stalePage,
      tabsNotShared,
      reconnectOverlap,
      twoOwners,
      browserOverOne,
      userOverLimit(mostPerUser),
      neverAuthenticated,
      neverSubscribed,
      growingSubscriptions(),
      listenerGrowth(),
      reconnectLoop(),
      ghostInStore,
      descriptorsOverRegistry,
      unidentified,
    ]
  }

  /** What has lasted long enough, the worst first, then the oldest. */
  list(): Finding[] {
    const lasting = [...this.#suspected].filter(([, suspected]) => this.#lasts(suspected))
    const findings = lasting.map(([id, suspected]) => findingOf(id, suspected))
    return findings.toSorted((a, b) => RANK[a.severity] - RANK[b.severity] || a.since - b.since)
  }

  /** How many there are of a kind. */
  count(kind: FindingKind): number {
    let count = 0
    for (const suspected of this.#suspected.values())
      if (suspected.detector.kind === kind && this.#lasts(suspected)) count++
    return count
  }

  report(event: ServerEvent, now: number): void {
    for (const detector of this.#detectors) detector.report?.(event, now)
  }

  /** Looks, if it is time. */
  tick(now: number): void {
    if (now < this.#lookAt) return
    const { live } = this.#sources
    this.#lookAt = now + Math.max(EVERY_MS, live.size * MS_PER_CONNECTION)
    this.#look(now)
  }

  #look(now: number): void {
    this.#now = now
    const { live, handshakes } = this.#sources
    const scene = { now, live, handshakes, stats: this.#sources.stats(), groups: browserGroups(live) }
    const suspected = new Map<string, Suspected>()
    for (const detector of this.#detectors) {
      for (const suspicion of detector.look(scene).slice(0, MOST_OF_KIND)) {
        const id = idOf(detector, suspicion)
        const since = this.#suspected.get(id)?.since ?? now
        suspected.set(id, { detector, since, suspicion })
      }
    }
    this.#suspected = suspected
  }

  #lasts({ detector, since }: Suspected): boolean {
    return this.#now - since >= detector.afterMs
  }
}

function findingOf(id: string, { detector, since, suspicion }: Suspected): Finding {
  const { subject, variant, connections, values } = suspicion
  return {
    id,
    kind: detector.kind,
    ...(variant !== undefined && { variant }),
    severity: detector.severity,
    subject,
    since,
    count: connections.length,
    examples: connections.slice(0, EXAMPLES),
    values,
  }
}

function idOf({ kind }: Detector, { subject, variant = '' }: Suspicion): string {
  const { user, browser, tab, page, instance, label, address, agent } = subject
  return JSON.stringify([kind, variant, user, browser, tab, page, instance, label, address, agent])
}
