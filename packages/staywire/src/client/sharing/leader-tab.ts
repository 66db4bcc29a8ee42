// One of the tabs as the place of an owner: tabs elect it, and speak to it by a broadcast that all of them hear. A tab's end of
// that: takes part in the election, says what the tab says to whoever leads, and houses the owner while it leads itself.

import type { Env } from '../env.ts'
import { Election } from './election.ts'
import { readEnvelope, type Envelope } from './envelope.ts'
import { Leadership } from './leadership.ts'
import type { Locks } from './locks.ts'
import { PORT_VERSION, type ToOwner, type ToTab } from './message.ts'
import type { HostWorld } from './owner-host.ts'
import type { Placement, Way, WayListener } from './placement.ts'
import { readWord, type Word } from './word.ts'

/** What is said to all other tabs of the browser. */
export interface Broadcast {
  post(message: Envelope | Word): void
  close(): void
}

/** What a tab that may lead stands on. */
export interface LeaderTabWorld {
  readonly env: Pick<Env, 'now' | 'random' | 'agenda'>
  /** Runs a turn of the machines of the tab. */
  readonly run: (act: () => void) => void
  readonly locks: Locks
  /** What owners in this tab stand on. */
  readonly host: Pick<HostWorld, 'world'>
  readonly broadcast: (heard: (message: unknown) => void) => Broadcast
  /** Tells whether the page is looked at, now and until the answer is called. */
  readonly look: (seen: (visible: boolean) => void) => () => void
  /** Calls `act` after the turn of whoever runs now. */
  readonly later: (act: () => void) => void
}

/** The lock of the tab that leads. */
const LEADER_LOCK = 'staywire:leader'

/** The tabs as a place. `instance`: a name of this client that no other ever had. */
export function leaderTab(world: LeaderTabWorld, instance: string): Placement {
  let ways = 0
  return {
    name: 'leader-tab',
    heals: true,
    open: (listener) => new LeaderWay(world, `staywire:${instance}:l${++ways}`, listener),
  }
}

/** A tab's way to the leader, or to itself. */
class LeaderWay implements Way {
  readonly #world: LeaderTabWorld
  readonly #lock: string
  readonly #listener: WayListener
  readonly #undo: (() => void)[] = []
  #broadcast: Broadcast | undefined
  #election: Election | undefined
  /** While this tab leads. */
  #leadership: Leadership | undefined
  /** Of the leader last heard of; 0 = none yet. */
  #term = 0
  /** What the tab has said in this turn. */
  #said: ToOwner[] = []

  constructor(world: LeaderTabWorld, lock: string, listener: WayListener) {
    this.#world = world
    this.#lock = lock
    this.#listener = listener
    // Held for as long as the way is open: its end is the tab's.
    const release = world.locks.request(lock, 'wait', {
      granted: () => world.run(() => this.#begin()),
      lost: (problem) => this.#end(problem ?? 'the lock of this tab was taken away'),
    })
    this.#undo.push(release)
  }

  post(message: ToOwner): void {
    if (this.#said.push(message) === 1) this.#world.later(() => this.#flush())
  }

  close(): void {
    this.#flush()
    this.#election?.leave()
    for (const undo of this.#undo.splice(0).reverse()) undo()
    this.#broadcast = this.#election = undefined
  }

  #begin(): void {
    const { env, run, locks, broadcast, look } = this.#world
    const world = {
      env,
      post: (word: Word) => this.#word(word),
      // Whatever is told of a lock is a turn of its own.
      locks: {
        request: (...[name, mode, { granted, lost }]: Parameters<Locks['request']>) =>
          locks.request(name, mode, { granted: () => run(granted), lost: (problem) => run(() => lost(problem)) }),
      },
    }
    const election = new Election(LEADER_LOCK, this.#lock, world, {
      lead: (term) => this.#lead(term),
      fence: () => this.#fence(),
      follow: (_leader, term) => this.#follow(term),
      failed: (problem) => this.#end(problem),
    })
    try {
      this.#broadcast = broadcast((message) => run(() => this.#heard(message)))
    } catch (error) {
      return this.#end((error as Error).message)
    }
    this.#undo.push(() => this.#broadcast?.close())
    this.#election = election
    let entered = false
    const undo = look((visible) =>
      run(() => {
        if (entered) election.see(visible)
        else election.enter(visible)
        entered = true
      }),
    )
    this.#undo.push(undo)
  }

  #lead(term: number): void {
    const { locks, host, later } = this.#world
    this.#leadership = new Leadership(term, `${this.#lock}:${term}`, {
      world: host.world,
      locks,
      later,
      post: (envelope) => this.#broadcast?.post(envelope),
      housed: () => this.#election?.announce(),
      own: { lock: this.#lock, told: (message) => this.#tell(message) },
    })
    this.#follow(term)
  }

  /** Who shares elsewhere wants to know whose owners are here. */
  #word(word: Word): void {
    const houses = this.#leadership?.houses ?? []
    this.#broadcast?.post(word.word === 'beat' ? { ...word, version: PORT_VERSION, houses } : word)
  }

  #fence(): void {
    this.#leadership?.stop()
    this.#leadership = undefined
  }

  /** Somebody leads. Who comes later than the first says so itself. */
  #follow(term: number): void {
    const first = !this.#term
    this.#term = term
    if (first) this.#listener.opened(this.#lock)
  }

  #heard(message: unknown): void {
    const word = readWord(message)
    if (word) return this.#election?.hear(word)
    const envelope = readEnvelope(message)
    if (!envelope) return
    if ('from' in envelope) this.#leadership?.heard(envelope)
    // A leader that does not know yet that it is none any more.
    else if (envelope.term >= this.#term)
      for (const [to, said] of envelope.said) if (!to || to.includes(this.#lock)) this.#tell(said)
  }

  #tell(message: ToTab): void {
    if (this.#election) this.#listener.received(message)
  }

  #flush(): void {
    const said = this.#said.splice(0)
    if (!said.length || !this.#term) return
    const envelope = { from: this.#lock, term: this.#term, said }
    if (this.#leadership) this.#leadership.heard(envelope)
    else this.#broadcast?.post(envelope)
  }

  #end(why: string): void {
    if (this.#undo.length) this.#listener.ended(why)
  }
}
