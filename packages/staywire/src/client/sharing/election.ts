// Which tab of a browser leads: the one that holds the lock, as long as it answers. PROTOCOL.md, ELECT. A tab that dies loses its
// lock at once; one that hangs keeps it, so a visible tab that gets no answer takes it away. Leading itself is done elsewhere.

import type { Env } from '../env.ts'
import type { Locks, LockMode } from './locks.ts'
import type { Word } from './word.ts'

/** A visible tab asks for the leader when it has not heard of it for so long. */
const ASK_MS = 2_000
/** The time a leader has to answer, before its lock is taken away. */
const ANSWER_MS = 1_500
/** Added at random to the answer's time, so that of several visible tabs one comes first. */
const STAGGER_MS = 250
/** A tab whose own timers come later than this cannot say who else is late: it asks again. */
const TIMER_LATE_MS = 1_000
/** A leader that has been hidden for so long makes room for a visible tab: browsers slow hidden pages down. */
export const HAND_OVER_MS = 30_000
/** For so long a hidden tab remembers that a visible one waits, and lets it go first. */
const YIELD_MS = 5_000

/** Whom an election tells its outcomes. */
export interface ElectionHost {
  /** This tab leads from now on, under a term above every earlier one it knows of. */
  lead(term: number): void
  /** This tab leads no longer. Whatever it does as a leader has ended when this returns: another one may be at it already. */
  fence(): void
  /** Another tab leads: told once for each leader. */
  follow(leader: string, term: number): void
  /** There can be no election here. Nothing more is told. */
  failed(problem: string): void
}

/** What an election needs of the world. */
export interface ElectionWorld {
  readonly env: Pick<Env, 'now' | 'random' | 'agenda'>
  readonly locks: Locks
  /** Says a word to all other tabs of the election. */
  post(word: Word): void
}

/** One tab's part in an election. */
export class Election {
  readonly #name: string
  readonly #id: string
  readonly #world: ElectionWorld
  readonly #host: ElectionHost
  #state: 'out' | 'candidate' | 'leader' = 'out'
  #release = (): void => {}
  /** The highest term heard of, and whose it is. */
  #term = 0
  #leader = ''
  #visible = false
  /** Since when the tab is hidden. */
  #hiddenAt = 0
  /** When a visible tab that waits was last heard of. */
  #soughtAt = -Infinity

  /** `name`: the lock; `id`: a name of this tab that no other has. */
  constructor(name: string, id: string, world: ElectionWorld, host: ElectionHost) {
    this.#name = name
    this.#id = id
    this.#world = world
    this.#host = host
  }

  /** The tab can lead: it is loaded, active and wanted. */
  enter(visible: boolean): void {
    if (this.#state !== 'out') return
    this.#visible = visible
    this.#hiddenAt = this.#world.env.now
    this.#stand('wait')
    this.#ask()
  }

  /** The tab can lead no more: it is closed, suspended or about to be frozen. */
  leave(): void {
    this.#retire()
    this.#state = 'out'
    this.#world.env.agenda.delete(this)
  }

  /** The tab was shown or hidden. */
  see(visible: boolean): void {
    if (visible === this.#visible) return
    this.#visible = visible
    this.#hiddenAt = this.#world.env.now
    if (this.#state === 'candidate') this.#ask()
  }

  /** Another tab said something. */
  hear(word: Word): void {
    if (this.#state === 'out') return
    if (word.word === 'beat') this.#beaten(word)
    else if (word.word === 'here') this.#sought()
    else if (this.#state === 'leader') this.#beat()
  }

  /** What the leader has to say has changed. */
  announce(): void {
    if (this.#state === 'leader') this.#beat()
  }

  get #handsOver(): boolean {
    return !this.#visible && this.#world.env.now - this.#hiddenAt >= HAND_OVER_MS
  }

  #beat(): void {
    this.#world.post({ word: 'beat', leader: this.#id, term: this.#term, handsOver: this.#handsOver })
  }

  /** A leader lives: this tab knows of none that is newer, or it has been superseded and does not know it yet. */
  #beaten({ leader, term, handsOver }: Extract<Word, { word: 'beat' }>): void {
    const newer = term - this.#term || (leader > this.#leader ? 1 : leader < this.#leader ? -1 : 0)
    if (this.#state === 'leader') {
      if (newer < 0) return this.#beat()
      this.#retire()
      this.#stand('wait')
    } else if (newer < 0) return
    this.#term = term
    this.#leader = leader
    this.#listen()
    if (newer > 0) this.#host.follow(leader, term)
    if (!handsOver || !this.#visible) return
    this.#world.post({ word: 'here' })
    // The next in turn may be one that hangs.
    this.#ask()
  }

  /** A visible tab waits. */
  #sought(): void {
    if (this.#state === 'candidate') this.#soughtAt = this.#world.env.now
    else if (this.#handsOver) {
      this.#retire()
      this.#stand('wait')
    }
  }

  /** Gives up the lock or the wish for it; a leader leads no more. */
  #retire(): void {
    if (this.#state === 'leader') this.#host.fence()
    this.#state = 'candidate'
    this.#release()
  }

  #stand(mode: LockMode): void {
    this.#release()
    this.#state = 'candidate'
    this.#release = this.#world.locks.request(this.#name, mode, {
      granted: () => this.#granted(),
      lost: (problem) => this.#lost(problem),
    })
  }

  #granted(): void {
    const { env } = this.#world
    const yields = !this.#visible && env.now - this.#soughtAt < YIELD_MS
    // Once for each time it was told: the tab that waited may be gone.
    this.#soughtAt = -Infinity
    if (yields) return this.#stand('wait')
    this.#state = 'leader'
    this.#term = Math.max(this.#term + 1, Math.ceil(env.now))
    this.#leader = this.#id
    env.agenda.delete(this)
    this.#host.lead(this.#term)
    this.#beat()
  }

  /** Another tab has taken the lock away: it leads, or soon will. */
  #lost(problem: string | undefined): void {
    if (this.#state === 'leader') this.#host.fence()
    if (problem === undefined) {
      this.#stand('wait')
      this.#listen()
    } else {
      this.leave()
      this.#host.failed(problem)
    }
  }

  /** Waits for the next sign of the leader. A hidden tab does not watch: its timers are too slow to judge by. */
  #listen(): void {
    this.#plan(ASK_MS, () => this.#ask())
  }

  #ask(): void {
    this.#world.post({ word: 'ask' })
    this.#plan(ANSWER_MS + this.#world.env.random() * STAGGER_MS, () => {
      this.#stand('steal')
      // Should that not be granted, it is asked for again.
      this.#listen()
    })
  }

  /** What a visible candidate does next. */
  #plan(inMs: number, act: () => void): void {
    const { env } = this.#world
    const dueAt = env.now + inMs
    if (!this.#visible) env.agenda.delete(this)
    else env.agenda.set(this, dueAt, () => (env.now - dueAt > TIMER_LATE_MS ? this.#ask() : act()))
  }
}
