// An owner and its one tab in the same thread: passes their messages to and fro, in order, and adds nothing. The other ways to
// place an owner differ in this file only.

import type { Hint } from '../connection/input.ts'
import { Owner, type OwnerInput, type OwnerOutput } from '../owner/owner.ts'
import type { ConnectionSettings } from '../connection/input.ts'
import { Tab, type TabInput, type TabOutput, type TabSettings } from './tab.ts'

/** What the world and the app are asked to do. */
export type Effect = Exclude<OwnerOutput, { type: 'tell' }> | Exclude<TabOutput, { type: 'post' }>

/** What the world says. */
export type WorldInput = Extract<OwnerInput, { type: 'opened' | 'ended' | 'text' | 'token' }> | { readonly type: 'hint'; readonly hint: Hint } | { readonly type: 'tick'; readonly lateMs: number }

/** A client that shares its connection with nobody. */
export class Alone {
  readonly owner: Owner
  readonly tab: Tab

  constructor(settings: ConnectionSettings & TabSettings) {
    this.owner = new Owner(settings)
    this.tab = new Tab(settings)
  }

  /** When a `tick` is wanted. */
  get wakeAt(): number {
    return Math.min(this.owner.wakeAt, this.tab.wakeAt)
  }

  /** Takes what the app wants. */
  app(input: TabInput, now: number): Effect[] {
    return this.#settle(this.tab.handle(input, now), now)
  }

  /** Takes what the world says. */
  world(input: WorldInput, now: number): Effect[] {
    const outputs: (OwnerOutput | TabOutput)[] = this.owner.handle(input, now)
    if (input.type === 'tick') outputs.push(...this.tab.handle({ type: 'tick' }, now))
    return this.#settle(outputs, now)
  }

  /** Delivers messages until both are at rest; first said, first heard. */
  #settle(outputs: (OwnerOutput | TabOutput)[], now: number): Effect[] {
    const effects: Effect[] = []
    for (const output of outputs) {
      if (output.type === 'post') outputs.push(...this.owner.handle(output.message, now))
      else if (output.type === 'tell') outputs.push(...this.tab.handle({ type: 'told', message: output.message }, now))
      else effects.push(output)
    }
    return effects
  }
}
