// Checks what one subscription shows its application, as it happens: order, holes, doubles, and whether it is what was stored.

import type { Position, Publication, Subscription } from '../product.ts'
import type { Journal } from './journal.ts'

/** What the log says was stored at a position. */
export interface Truth {
  at(channel: string, epoch: string, offset: number): string | undefined
  /** Whether it was stored there under a later epoch: a channel that broke while it is read says so a little later. */
  isLater(channel: string, offset: number, id: string): boolean
  /** Whether the channel's continuity may have broken. */
  mayBreak(channel: string): boolean
  /** Whether the application itself published it again after the channel lost it. */
  mayRepeat(id: string): boolean
}

/** The checks of one subscription. */
export class Reader {
  readonly subscription: Subscription
  readonly #name: string
  readonly #journal: Journal
  readonly #truth: Truth
  readonly #shown = new Set<string>()
  #position: Position | undefined
  #ended = false

  constructor(name: string, subscription: Subscription, journal: Journal, truth: Truth) {
    this.subscription = subscription
    this.#name = `${name} in ${subscription.channel}`
    this.#journal = journal
    this.#truth = truth
    subscription.on('publication', (publication) => this.#publication(publication))
    subscription.on('outcome', (outcome, { recovered }) => this.#outcome(outcome, recovered))
    subscription.on('gap', (gap) => this.#gap(gap))
    subscription.on('error', ({ code }) => journal.violate('S4', `${this.#name} was refused: ${code}`))
  }

  /** How far it has come. */
  get position(): Position | undefined {
    return this.#position
  }

  /** The application has unsubscribed. */
  end(): void {
    this.#ended = true
    this.subscription.unsubscribe()
  }

  #publication({ offset = 0, data }: Publication): void {
    const id = String(data)
    this.#journal.note(`${this.#name} shows ${offset} ${id}`)
    if (this.#ended) return this.#violate('S5', `shows ${id} after it was ended`)
    const at = this.#position
    if (at === undefined) return this.#violate('S3', `shows ${id} before it was live`)
    if (offset !== at.offset + 1) this.#violate('S3', `shows ${offset} after ${at.offset}`)
    const stored = this.#truth.at(this.subscription.channel, at.epoch, offset)
    if (stored !== id && !this.#truth.isLater(this.subscription.channel, offset, id)) {
      this.#violate('S2', `shows ${id} at ${at.epoch}:${offset}, where ${stored} was stored`)
    }
    if (this.#shown.has(id) && !this.#truth.mayRepeat(id)) this.#violate('S3', `shows ${id} twice`)
    this.#shown.add(id)
    this.#position = { epoch: at.epoch, offset }
  }

  #outcome(outcome: string, recovered: number): void {
    const { position } = this.subscription
    this.#journal.note(`${this.#name} is ${outcome} at ${position?.epoch}:${position?.offset}`)
    if (outcome === 'live' && this.#position === undefined) this.#position = position
    if (outcome === 'live' && this.#position?.offset !== position?.offset) this.#violate('S4', 'went on live elsewhere')
    if (outcome === 'recovered') this.#journal.count('recovered')
    if (outcome === 'recovered' && recovered > 0 && position?.offset !== this.#position?.offset) {
      this.#violate('S4', 'recovers from elsewhere')
    }
  }

  #gap({ from, to, why }: { from: Position; to: Position; why: string }): void {
    this.#journal.count('gap')
    this.#journal.note(`${this.#name} has a gap ${from.epoch}:${from.offset} to ${to.epoch}:${to.offset}, ${why}`)
    const at = this.#position
    if (at?.epoch !== from.epoch || at.offset !== from.offset) {
      this.#violate('S4', `says a gap from ${from.epoch}:${from.offset}, and was at ${at?.epoch}:${at?.offset}`)
    }
    if (!this.#truth.mayBreak(this.subscription.channel) && (why === 'epoch' || why === 'ahead')) {
      this.#violate('S4', `has a gap for ${why}, and nothing broke`)
    }
    if (why === 'ahead') this.#violate('S2', 'is ahead of the log: an epoch was used for two histories')
    this.#position = to
  }

  #violate(property: string, what: string): void {
    this.#journal.violate(property, `${this.#name} ${what}`)
  }
}
