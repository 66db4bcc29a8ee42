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

/** Nobody has to go. */
const NOBODY: Taken<never> = Object.freeze({ evicted: [] })

/** One limit, and who sits where it counts. */
class Row<Who extends Sitter> {
  readonly limit: LimitedBy
  readonly most: number
  readonly policy: LimitPolicy
  readonly #nameOf: (seat: Seat) => string | undefined
  /** By place; sets keep the order in which they were taken, so the first is the oldest. */
  readonly #sitting = new Map<string, Set<Who>>()

  /** `nameOf`: what a seat is counted with; `undefined` where the limit does not hold for it. */
  constructor(limit: LimitedBy, most: number, policy: LimitPolicy, nameOf: (seat: Seat) => string | undefined) {
    this.limit = limit
    this.most = most
    this.policy = policy
    this.#nameOf = nameOf
  }

  /** Who sits in the place of this seat. */
  at(seat: Seat): ReadonlySet<Who> | undefined {
    const name = this.#nameOf(seat)
    return name === undefined ? undefined : this.#sitting.get(name)
  }

  add(who: Who, seat: Seat): void {
    const name = this.#nameOf(seat)
    if (name === undefined) return
    const sitting = this.#sitting.get(name)
    if (sitting === undefined) this.#sitting.set(name, new Set([who]))
    else sitting.add(who)
  }

  remove(who: Who, seat: Seat): void {
    const name = this.#nameOf(seat)
    const sitting = name === undefined ? undefined : this.#sitting.get(name)
    if (name !== undefined && sitting?.delete(who) === true && sitting.size === 0) this.#sitting.delete(name)
  }
}

/** The seats of a node. */
export class Seats<Who extends Sitter> {
  /** Narrow places first: who makes room there makes room in the wide ones. */
  readonly #rows: readonly Row<Who>[]

  constructor(limits: SeatLimits) {
    this.#rows = rowsOf(limits)
  }

  /** How many sit on this node. */
  get taken(): number {
    return this.#rows.at(-1)?.at(ANY)?.size ?? 0
  }

  /** Takes a seat, if it may. Those evicted for it still sit: whoever closes them sees to it that they `leave`. */
  take(who: Who, seat: Seat): Taken<Who> {
    let going: Map<Who, LimitedBy> | undefined
    for (const row of this.#rows) {
      const sitting = row.at(seat)
      if (sitting === undefined || sitting.size - countIn(sitting, going) < row.most) continue
      if (row.policy === 'reject-new') return row.limit
      const victim = choose(sitting, going, row.policy)
      if (victim !== undefined) (going ??= new Map()).set(victim, row.limit)
    }
    for (const row of this.#rows) row.add(who, seat)
    if (going === undefined) return NOBODY
    return { evicted: Array.from(going, ([victim, limit]) => ({ who: victim, limit })) }
  }

  /** Gives a seat back. */
  leave(who: Who, seat: Seat): void {
    for (const row of this.#rows) row.remove(who, seat)
  }
}

/** Everybody sits on the node. */
const NODE = 'node'
const ANY: Seat = { address: '', user: '', browser: undefined }

function rowsOf<Who extends Sitter>(limits: SeatLimits): Row<Who>[] {
  const rows: Row<Who>[] = []
  const { connectionsPerBrowser, connectionsPerUser, connectionsPerAddressPolicy } = limits
  if (connectionsPerBrowser > 0)
    rows.push(
      new Row('connectionsPerBrowser', connectionsPerBrowser, limits.connectionsPerBrowserPolicy, ({ user, browser }) =>
        browser === undefined ? undefined : JSON.stringify([user, browser]),
      ),
    )
  if (connectionsPerUser > 0)
    rows.push(new Row('connectionsPerUser', connectionsPerUser, limits.connectionsPerUserPolicy, ({ user }) => user))
  for (const limit of ['connectionsFromLoopback', 'connectionsPerAddress'] as const)
    rows.push(
      new Row(limit, limits[limit], connectionsPerAddressPolicy, ({ address }) =>
        addressLimit(address) === limit ? address : undefined,
      ),
    )
  rows.push(new Row('connections', limits.connections, limits.connectionsPolicy, () => NODE))
  return rows
}

/** Which limit holds for an address group. */
export function addressLimit(group: string): 'connectionsFromLoopback' | 'connectionsPerAddress' {
  return isLoopback(group) ? 'connectionsFromLoopback' : 'connectionsPerAddress'
}

function countIn<Who>(sitting: ReadonlySet<Who>, going: ReadonlyMap<Who, unknown> | undefined): number {
  if (going === undefined) return 0
  let count = 0
  for (const who of going.keys()) if (sitting.has(who)) count++
  return count
}

function choose<Who extends Sitter>(
  sitting: ReadonlySet<Who>,
  going: ReadonlyMap<Who, unknown> | undefined,
  policy: LimitPolicy,
): Who | undefined {
  let chosen: Who | undefined
  for (const who of sitting) {
    if (going?.has(who) === true) continue
    if (policy === 'evict-oldest') return who
    if (chosen === undefined || who.activeAt < chosen.activeAt) chosen = who
  }
  return chosen
}
