// The owner as a tab sees it that shares its connection: says what the tab wants to where the owner is, finds the owner, and
// finds it again. Keeps nothing that the tab can state anew, and nothing of the connection but what it was last told.

import type { ClientStats, Transport } from '../api.ts'
import { backoffDelayMs, backoffPolicy } from '../connection/backoff.ts'
import type { Hint } from '../connection/settings.ts'
import { IDLE, type ConnectionState } from '../connection/state.ts'
import type { Env } from '../env.ts'
import type { HeldOwner } from '../owner/port.ts'
import { noTraffic } from '../owner/traffic.ts'
import type { Tab } from '../tab/tab.ts'
import { HELLO_MS, PULSE_MS, SPREAD_MS } from '../timing.ts'
import type { PresenceMode } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import { PORT_VERSION, toTab, type Hello, type OwnerSettings, type ToOwner, type ToTab } from './message.ts'
import type { Placement, Way } from './placement.ts'

/** What a remote owner is made with. */
export interface RemoteOwnerSettings {
  /** Where an owner may be, the place to try first first. */
  readonly placements: readonly Placement[]
  /** Of which server path an owner is wanted. */
  readonly url: string
  /** For whom, if the app says so. */
  readonly identity: string | undefined
  /** Whether the tab can be asked for a token. */
  readonly tokens: boolean
  /** Whom a token is for; nothing where it does not say. */
  readonly subject: (token: string) => string | undefined
  /** What an owner is to be made with, if there is none yet. */
  readonly owner: () => OwnerSettings
  /** There is no owner for this tab, for this reason: it must be its own. */
  readonly alone: (why: string) => void
  /** The browser has another name: keeps it for later owners and pages. */
  readonly renamed: (browser: string) => void
  /** Keeps for later clients that a transport has stayed up on this network. */
  readonly remember: (transport: Transport) => void
  /** Runs a turn of the machines. */
  readonly run: (act: () => void) => void
  /** Whether the page is looked at, to begin with. */
  readonly visible: boolean
  /** Stops listening to the page. */
  readonly stop?: () => void
}

/** The ticket of the token by which the tab learns whose it is. The owner's are above 0. */
const OWN = -1
/** How often in a row a visible tab asks a silent owner before it gives it up. */
const ASKS = 2

/** The tab's end of a shared owner. */
export class RemoteOwner implements HeldOwner {
  traffic = noTraffic()
  sharing: ClientStats['sharing'] = { placement: 'tab', tabs: 1 }
  readonly #env: Env
  readonly #tab: Tab
  readonly #settings: RemoteOwnerSettings
  /** What is to be asked of the owner once attached; nothing where no connection is wanted. */
  #wanted: 'connect' | 'need' | undefined
  /** Whom the tab is for. */
  #subject: string | undefined
  /** A token that the tab has given and nobody has used. */
  #token: string | undefined
  /** Tokens that could not be had, in a row. */
  #problems = 0
  /** The placement in use or being tried, and what was the matter with those before it. */
  #place = 0
  readonly #why: string[] = []
  #way: Way | undefined
  #lock: string | undefined
  /** The owner that this tab is attached to. */
  #owner: string | undefined
  #visible: boolean
  #heardAt = 0
  #asks = 0
  #suspended = false
  #remembered: Transport | undefined

  constructor(env: Env, tab: Tab, settings: RemoteOwnerSettings) {
    this.#env = env
    this.#tab = tab
    this.#settings = settings
    this.#visible = settings.visible
    this.#subject = settings.identity
  }

  connect(): void {
    const { status } = this.#tab.connection
    if (this.#owner) {
      this.#post(['connect'])
      // What follows counts, not where the connection stood before.
      if (status !== 'connected' && status !== 'waiting') this.#connecting()
    } else if (this.#wanted) this.#wanted = 'connect'
    else this.#want()
  }

  need(): void {
    const { status } = this.#tab.connection
    if (this.#owner) this.#post(['need'])
    else if (!this.#wanted && (status === 'idle' || status === 'asleep')) this.#want()
  }

  /** Only with `end` for all tabs; else the others go on. PROTOCOL.md, PORT-10. */
  leave(status: 'disconnected' | 'closed', end: boolean): void {
    const { status: before } = this.#tab.connection
    if (before === status || before === 'closed') return
    if (this.#owner && end && status === 'disconnected') return this.#post(['leave', status, end])
    this.#letGo(end)
    this.#rest(status, `${status} by the app`)
  }

  hint(hint: Hint): void {
    if (hint === 'visible' || hint === 'hidden') {
      // Nobody counted while nobody looked.
      if (!this.#visible) this.#asks = 0
      this.#visible = hint === 'visible'
    }
    if (!this.#owner) return
    this.#post(['hint', hint])
    if (this.#visible) this.#watch()
  }

  /** The app gave a token, for the owner or to tell whose this tab is. */
  token(ticket: number, token: string | null | undefined, problem?: string): void {
    const { identity, subject } = this.#settings
    const whose = token && identity === undefined ? subject(token) : identity
    if (ticket !== OWN && (!token || whose === this.#subject)) return this.#post(['token', ticket, token, problem])
    if (!this.#wanted || this.#suspended) return
    // The tab is somebody else's from now on, or for the first time somebody's.
    this.#letGo(false)
    if (token) {
      this.#subject = whose
      this.#token = token
      this.#problems = 0
      if (whose === undefined) this.#alone('the token does not say whose it is, nor does `identity`')
      else this.#open()
    } else if (problem === undefined) this.#rest('signed-out', 'getToken returned nothing')
    else this.#later(problem)
  }

  subscribe(channel: string, position?: Position, presence?: PresenceMode): void {
    this.#post(['subscribe', channel, position, presence])
  }

  unsubscribe(channel: string): void {
    this.#post(['unsubscribe', channel])
  }

  request(ticket: number, body: string): void {
    this.#post(['request', ticket, body])
  }

  stop(): void {
    this.#settings.stop?.()
  }

  /** The page is frozen or put aside: from here on it neither says nor is told anything. */
  suspend(): void {
    if (this.#suspended) return
    this.#suspended = true
    this.#letGo(false)
  }

  /** The page is back. */
  resume(): void {
    if (!this.#suspended) return
    this.#suspended = false
    if (this.#wanted) this.#begin()
  }

  #want(): void {
    // The first time in a page's life it tries whatever other tabs' attempts came to.
    this.#wanted = 'connect'
    if (!this.#suspended) this.#begin()
  }

  /** Finds out whose the tab is, then where its owner is. */
  #begin(): void {
    const { identity, tokens } = this.#settings
    this.#connecting()
    if (this.#subject === undefined && identity === undefined && tokens) this.#tab.askToken(OWN)
    else this.#open()
  }

  #open(): void {
    const { run } = this.#settings
    const placement = this.#placement
    if (!placement) return this.#alone(this.#why.join('; '))
    this.#connecting()
    const mine = (act: () => void): void => run(() => this.#way === way && act())
    const way = placement.open({
      opened: (lock) =>
        mine(() => {
          this.#lock = lock
          this.#attach()
        }),
      received: (message) => mine(() => this.#received(message)),
      ended: (why) => mine(() => this.#failed(why)),
    })
    this.#way = way
    this.#awaitHello()
  }

  get #placement(): Placement | undefined {
    return this.#settings.placements[this.#place]
  }

  #awaitHello(): void {
    if (this.#placement?.heals) this.#env.agenda.delete(this)
    else this.#env.agenda.set(this, this.#env.now + HELLO_MS, () => this.#failed('nobody answered'))
  }

  #attach(): void {
    const { url, identity, tokens, owner } = this.#settings
    const whose = identity === undefined ? (tokens ? `sub ${this.#subject}` : '') : `identity ${identity}`
    this.#say([
      'attach',
      {
        version: PORT_VERSION,
        key: `${url} ${whose}`,
        anonymous: !whose,
        lock: this.#lock ?? '',
        visible: this.#visible,
        tokens,
        settings: owner(),
      },
    ])
    this.#awaitHello()
  }

  #received(message: unknown): void {
    const said = toTab(message)
    if (!said) return
    this.#heardAt = this.#env.now
    if (said[0] === 'hello') this.#hello(said[1])
    // What follows is for those who are attached; it may be late, from an earlier life.
    else if (this.#owner) this.#told(said)
  }

  /** PROTOCOL.md, PORT-2 to PORT-4. */
  #hello({ version, owner, lock }: Hello): void {
    if (version !== PORT_VERSION) return this.#alone(`the owner speaks version ${version}, this tab ${PORT_VERSION}`)
    if (!this.#lock || (lock === this.#lock && owner === this.#owner)) return
    this.#down()
    if (lock !== this.#lock) {
      this.#connecting()
      return this.#attach()
    }
    this.#owner = owner
    this.#note(1)
    for (const { channel, position, presence } of this.#tab.wanted()) this.subscribe(channel, position, presence)
    this.#say([this.#wanted ?? 'need'])
    this.#watch()
  }

  #told(said: Exclude<ToTab, readonly ['hello', Hello]>): void {
    const tab = this.#tab
    switch (said[0]) {
      case 'about':
        this.traffic = said[2]
        return this.#note(said[1])
      case 'unfit':
        return this.#alone(said[1])
      case 'check':
        return this.#say(['checked'])
      case 'renamed':
        return this.#settings.renamed(said[1])
      case 'state':
        return this.#state(said[1])
      case 'askToken':
        return this.#askToken(said[1])
      case 'error':
        return tab.error(said[1])
      case 'up':
        return tab.up(said[1])
      case 'down':
        return tab.down()
      case 'answer':
        return tab.answer(said[1], said[2])
      case 'frame':
        return tab.frame(said[1], said[2])
      case 'refused':
        return tab.refused(said[1], said[2], said[3])
    }
  }

  #state(state: ConnectionState): void {
    const { cause } = this.#tab.connection
    const { status, attempts, transport } = state
    // It was made for this tab, whose wish to connect is on its way to it.
    if (status === 'idle') return
    // Nobody counts attempts any more: it has proved itself.
    if (status === 'connected' && !attempts && transport && transport !== this.#remembered)
      this.#settings.remember((this.#remembered = transport))
    // Whoever comes back later must not undo what the user has ended.
    this.#wanted = status === 'disconnected' || status === 'signed-out' ? undefined : 'need'
    // A copy of the same cause is not news.
    this.#tab.state(JSON.stringify(state.cause) === JSON.stringify(cause) ? { ...state, cause } : state)
  }

  #askToken(ticket: number): void {
    const token = this.#token
    this.#token = undefined
    if (token) this.#say(['token', ticket, token])
    else this.#tab.askToken(ticket)
  }

  #connecting(): void {
    this.#tab.state({ ...IDLE, status: 'connecting', cause: this.#tab.connection.cause })
  }

  #note(tabs: number): void {
    const placement = this.#placement?.name ?? 'tab'
    // A leading tab names the owner after itself.
    const leads = placement === 'leader-tab' ? this.#owner?.startsWith(`${this.#lock}:`) : undefined
    this.sharing = { placement, tabs, owner: this.#owner, leads, why: this.#why.join('; ') || undefined }
  }

  /** Looks after an owner that has become silent, for as long as the page is looked at: others have time. */
  readonly #watch = (): void => {
    const { now, agenda } = this.#env
    agenda.delete(this)
    if (!this.#owner || !this.#visible) return
    if (now - this.#heardAt < PULSE_MS) this.#asks = 0
    else if (this.#asks++ < ASKS || this.#placement?.heals) this.#say(['ask'])
    else return this.#failed('silent')
    agenda.set(this, now + (this.#asks ? HELLO_MS : PULSE_MS), this.#watch)
  }

  /** No token could be had to tell whose the tab is: tries again as a connection would. */
  #later(problem: string): void {
    const { now, agenda, random } = this.#env
    const cause = { class: 'app', reason: `getToken failed: ${problem}` } as const
    const policy = backoffPolicy('connection', this.#settings.owner().backoff, SPREAD_MS)
    const retryAt = now + backoffDelayMs(policy, this.#problems++, random)
    this.#tab.error({ ...cause, at: now, evidence: { phase: 'opening', ageMs: 0, silentMs: 0, timerLateMs: 0 } })
    this.#tab.state({ ...IDLE, status: 'waiting', cause, retryAt, attempts: this.#problems })
    agenda.set(this, retryAt, () => this.#begin())
  }

  #failed(why: string): void {
    this.#why.push(`${this.#placement?.name}: ${why}`)
    this.#place++
    this.#letGo(false)
    this.#open()
  }

  #alone(why: string): void {
    this.#letGo(false)
    this.#settings.alone(why)
  }

  #rest(status: 'disconnected' | 'closed' | 'signed-out', reason: string): void {
    this.#wanted = undefined
    this.#tab.state({ ...IDLE, status, cause: { class: 'app', reason } })
  }

  /** Takes leave of the owner, and of the way to it. */
  #letGo(end: boolean): void {
    this.#env.agenda.delete(this)
    if (this.#lock) this.#say(['detach', end])
    this.#way?.close()
    this.#way = this.#lock = undefined
    this.#down()
  }

  /** There is no owner now. */
  #down(): void {
    if (!this.#owner) return
    this.#owner = undefined
    this.#tab.down()
  }

  /** For the owner that the tab is attached to; without one it is stated anew later, or does not matter any more. */
  #post(message: ToOwner): void {
    if (this.#owner) this.#say(message)
  }

  #say(message: ToOwner): void {
    this.#way?.post(message)
  }
}
