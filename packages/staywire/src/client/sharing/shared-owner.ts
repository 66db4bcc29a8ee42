// One owner for many tabs: what it says goes to those whom it concerns, what they say to it is merged. Decides who is told and
// who is asked; everything about the connection and the channels is the owner's.

import type { ConnectionError } from '../api.ts'
import { Rivalry } from '../connection/rivalry.ts'
import { IDLE, type ConnectionState } from '../connection/state.ts'
import type { Env } from '../env.ts'
import { Owner } from '../owner/owner.ts'
import type { Answer, ChannelFrame, TabPort, Terms } from '../owner/port.ts'
import { ABOUT_MS } from '../timing.ts'
import type { SubscriptionRequest } from '../../protocol/frame.ts'
import type { Position } from '../../protocol/position.ts'
import type { Backlog } from './backlog.ts'
import type { Attach, OwnerCall, ToTab } from './message.ts'
import { SharedChannels } from './shared-channels.ts'
import { TokenDesk } from './token-desk.ts'

/** A tab, where the owner is. */
export interface AttachedTab extends Pick<Attach, 'lock' | 'tokens'> {
  visible: boolean
  /** When it last said something. */
  activeAt: number
  readonly backlog: Backlog
  readonly post: (message: ToTab) => void
  /** It is given up: what is said to it is lost, and it attaches anew when it says something. */
  readonly drop: () => void
}

const UNNAMED = 'the server knows the user, and the client has no `identity` to tell who it is'

/** An owner and its tabs. */
export class SharedOwner implements TabPort {
  readonly owner: Owner
  readonly #env: Env
  readonly #anonymous: boolean
  readonly #tabs = new Set<AttachedTab>()
  readonly #channels: SharedChannels<AttachedTab>
  readonly #tokens: TokenDesk
  readonly #rivalry: Rivalry
  /** The name of the browser that tabs know. */
  #browser: string | undefined
  /** Requests under way: whose, and by which ticket of theirs. */
  readonly #requests = new Map<number, readonly [tab: AttachedTab, ticket: number]>()
  #ticket = 0
  #state = IDLE
  /** Whether any of the tabs is looked at. */
  #seen = true
  /** What tabs are told of the connection while it is up. */
  #greeting: readonly ['up', Terms] | readonly ['unfit', string] | undefined

  /** Made as the first tab says. */
  constructor(env: Env, { settings, tokens, anonymous }: Pick<Attach, 'settings' | 'tokens' | 'anonymous'>) {
    this.#env = env
    this.#anonymous = anonymous
    this.#rivalry = new Rivalry(settings.hello)
    this.#browser = settings.hello.origin?.browser
    this.owner = new Owner(env, {
      ...settings,
      rivalry: this.#rivalry,
      ...(tokens && { getToken: () => null }),
    })
    this.owner.tab = this
    this.#channels = new SharedChannels(this.owner, (tab, message) => this.#post(tab, message))
    this.#tokens = new TokenDesk(env, this.owner, this.#tabs)
  }

  /** Tabs on it. */
  get size(): number {
    return this.#tabs.size
  }

  /** A tab comes. */
  attach(tab: AttachedTab): void {
    this.#tabs.add(tab)
    tab.activeAt = this.#env.now
    this.#post(tab, ['state', this.#state])
    if (this.#greeting) this.#post(tab, this.#greeting)
    this.#look()
    this.#about()
  }

  /** A tab is gone; `end`: its user wants the session ended if nobody else is left. The last one takes the connection along. */
  detach(tab: AttachedTab, end: boolean): void {
    if (!this.#tabs.delete(tab)) return
    if (!this.#tabs.size) return this.owner.leave('closed', end)
    this.#channels.gone(tab)
    this.#tokens.gone(tab)
    this.#look()
    this.#about()
  }

  /** A tab says something. */
  heard(tab: AttachedTab, message: OwnerCall): void {
    const { owner } = this
    tab.activeAt = this.#env.now
    switch (message[0]) {
      case 'connect':
        return owner.connect()
      case 'need':
        return owner.need()
      case 'leave':
        return owner.leave(message[1], message[2])
      case 'hint':
        if (message[1] === 'online' || message[1] === 'offline') return owner.upkeep?.hint(message[1])
        tab.visible = message[1] === 'visible'
        return tab.visible ? this.#hint('visible') : this.#look()
      case 'token':
        return this.#tokens.answer(tab, message[1], message[2], message[3])
      case 'subscribe':
        return this.#channels.subscribe(tab, message[1], message[2], message[3])
      case 'unsubscribe':
        return this.#channels.unsubscribe(tab, message[1])
      case 'request':
        return this.#request(tab, message[1], message[2])
    }
  }

  wanted(): readonly SubscriptionRequest[] {
    return this.#channels.wanted()
  }

  state(state: ConnectionState): void {
    this.#state = state
    this.#all(['state', state])
  }

  error(error: ConnectionError): void {
    this.#all(['error', error])
  }

  askToken(ticket: number): void {
    this.#tokens.ask(ticket)
  }

  up(terms: Terms): void {
    // Nobody said who the user is, and the server knows one, by a cookie perhaps: another tab may be another's by now.
    if (this.#anonymous && !terms.user.startsWith('anon:')) this.#greeting = ['unfit', UNNAMED]
    else this.#greeting = ['up', terms]
    this.#all(this.#greeting)
    // Who only meant to take another name, and learned of a successor, has not taken it.
    const { browser } = this.#rivalry.hello.origin ?? {}
    if (browser === undefined || browser === this.#browser) return
    this.#browser = browser
    this.#all(['renamed', browser])
  }

  down(): void {
    this.#greeting = undefined
    this.#requests.clear()
    this.#channels.down()
    this.#all(['down'])
  }

  answer(ticket: number, frame: Answer): void {
    const [tab, theirs] = this.#requests.get(ticket) ?? []
    this.#requests.delete(ticket)
    if (tab && theirs && this.#tabs.has(tab)) this.#post(tab, ['answer', theirs, frame])
  }

  frame(frame: ChannelFrame, from?: Position): void {
    this.#channels.frame(frame, from)
  }

  refused(channel: string, code: string, message: string): void {
    this.#channels.refused(channel, code, message)
  }

  #request(tab: AttachedTab, ticket: number, body: string): void {
    // Else `down` is on its way to the tab, and it asks again at the next `up`.
    if (!this.#greeting) return
    this.#requests.set(++this.#ticket, [tab, ticket])
    this.owner.request(this.#ticket, body)
  }

  /** Nobody looks, once nobody does any more; and somebody does, once somebody who looks has come. */
  #look(): void {
    const seen = [...this.#tabs].some(({ visible }) => visible)
    if (seen !== this.#seen) this.#hint(seen ? 'visible' : 'hidden')
  }

  #hint(hint: 'visible' | 'hidden'): void {
    this.#seen = hint === 'visible'
    this.owner.upkeep?.hint(hint)
  }

  #about(): void {
    this.#env.agenda.delete(this)
    for (const tab of this.#tabs) this.#put(tab, ['about', this.#tabs.size, { ...this.owner.traffic }])
  }

  #all(message: ToTab): void {
    for (const tab of this.#tabs) this.#post(tab, message)
  }

  #post(tab: AttachedTab, message: ToTab): void {
    const { agenda, now } = this.#env
    this.#put(tab, message)
    // Figures follow what moves them, at their own pace.
    if (!agenda.has(this)) agenda.set(this, now + ABOUT_MS, () => this.#about())
  }

  #put(tab: AttachedTab, message: ToTab): void {
    tab.post(message)
    const verdict = tab.backlog.posted(this.#env.now, this.owner.traffic.bytesReceived)
    if (verdict === 'check') tab.post(['check'])
    else if (verdict === 'drop') tab.drop()
  }
}
