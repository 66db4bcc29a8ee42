// Who sits where: how many connections the node, an address, a user and a browser may have, and who goes when one comes that is one
// too many. Decides in one turn, so that of two who come together over a limit of one, one stays. Closes nobody itself.

import type { LimitPolicy } from '../limit-options.ts'
import { isLoopback } from './address-group.ts'
import type { LimitedBy } from './limited.ts'

/** Who sits. */
export interface Sitter {
  /** When it last sent a frame of its own. */
  readonly activeAt: number
}

/** Where somebody sits. */
export interface Seat {
  /** An address group. */
  readonly address: string
  readonly user: string
  readonly browser: string | undefined
}

/** The limits, as they are called in the options; 0 = none. */
export interface SeatLimits {
  readonly connections: number
  readonly connectionsPolicy: LimitPolicy
  readonly connectionsPerAddress: number
  readonly connectionsPerAddressPolicy: LimitPolicy
  readonly connectionsFromLoopback: number
  readonly connectionsPerUser: number
  readonly connectionsPerUserPolicy: LimitPolicy
  readonly connectionsPerBrowser: number
  readonly connectionsPerBrowserPolicy: LimitPolicy
}

/** Taken, and who must go for it; or refused, by which limit. */
export type Taken<Who> = { readonly evicted: readonly { readonly who: Who; readonly limit: LimitedBy }[] } | LimitedBy

/** One place that a seat counts in. */
interface Place {
  readonly name: string
  readonly limit: LimitedBy
  readonly most: number
  readonly policy: LimitPolicy
}

/** The seats of a node. */
export class Seats<Who extends Sitter> {
  readonly #limits: SeatLimits
  /** By place; sets keep the order in which they were taken, so the first is the oldest. */
  readonly #sitting = new Map<string, Set<Who>>()

  constructor(limits: SeatLimits) {
    this.#limits = limits
  }

  /** How many sit on this node. */
  get taken(): number {
    return this.#sitting.get(NODE)?.size ?? 0
  }

  /** Takes a seat, if it may. Those evicted for it still sit: whoever closes them sees to it that they `leave`. */
  take(who: Who, seat: Seat): Taken<Who> {
    const places = this.#placesOf(seat)
    const going = new Map<Who, LimitedBy>()
    // Narrow places first: who makes room there makes room in the wide ones.
    for (const { name, limit, most, policy } of places) {
      const sitting = this.#sitting.get(name)
      const left = sitting === undefined ? 0 : sitting.size - countIn(sitting, going)
      if (sitting === undefined || left < most) continue
      if (policy === 'reject-new') return limit
      const victim = choose(sitting, going, policy)
      if (victim !== undefined) going.set(victim, limit)
    }
    for (const { name } of places) {
      const sitting = this.#sitting.get(name)
      if (sitting === undefined) this.#sitting.set(name, new Set([who]))
      else sitting.add(who)
    }
    return { evicted: Array.from(going, ([victim, limit]) => ({ who: victim, limit })) }
  }

  /** Gives a seat back. */
  leave(who: Who, seat: Seat): void {
    for (const { name } of this.#placesOf(seat)) {
      const sitting = this.#sitting.get(name)
      if (sitting?.delete(who) === true && sitting.size === 0) this.#sitting.delete(name)
    }
  }

  #placesOf({ address, user, browser }: Seat): Place[] {
    const limits = this.#limits
    const places: Place[] = []
    if (browser !== undefined && limits.connectionsPerBrowser > 0)
      places.push({
        name: `browser:${JSON.stringify([user, browser])}`,
        limit: 'connectionsPerBrowser',
        most: limits.connectionsPerBrowser,
        policy: limits.connectionsPerBrowserPolicy,
      })
    if (limits.connectionsPerUser > 0)
      places.push({
        name: `user:${user}`,
        limit: 'connectionsPerUser',
        most: limits.connectionsPerUser,
        policy: limits.connectionsPerUserPolicy,
      })
    const limit = addressLimit(address)
    const addressPolicy = limits.connectionsPerAddressPolicy
    places.push({ name: `address:${address}`, limit, most: limits[limit], policy: addressPolicy })
    places.push({ name: NODE, limit: 'connections', most: limits.connections, policy: limits.connectionsPolicy })
    return places
  }
}

const NODE = 'node'

/** Which limit holds for an address group. */
export function addressLimit(group: string): 'connectionsFromLoopback' | 'connectionsPerAddress' {
  return isLoopback(group) ? 'connectionsFromLoopback' : 'connectionsPerAddress'
}

function countIn<Who>(sitting: ReadonlySet<Who>, going: ReadonlyMap<Who, unknown>): number {
  let count = 0
  for (const who of going.keys()) if (sitting.has(who)) count++
  return count
}

function choose<Who extends Sitter>(
  sitting: ReadonlySet<Who>,
  going: ReadonlyMap<Who, unknown>,
  policy: LimitPolicy,
): Who | undefined {
  let chosen: Who | undefined
  for (const who of sitting) {
    if (going.has(who)) continue
    if (policy === 'evict-oldest') return who
    if (chosen === undefined || who.activeAt < chosen.activeAt) chosen = who
  }
  return chosen
}
