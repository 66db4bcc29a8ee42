// Who may do what with a channel, by rule and by claim. It never asks anybody: what neither decides is `ask`, for the
// application's `authorize`.

import { isReserved, userChannel } from '../../protocol/channel-name.ts'
import { compilePattern, type ChannelPattern } from '../../protocol/channel-pattern.ts'
import type { Rule } from '../channel/rules.ts'
import type { AuthorizeRequest, Claims, Identity } from '../options.ts'

/** What somebody wants to do with a channel. */
export type Action = AuthorizeRequest['action']

/** Allowed, not allowed, or to be asked of the application. */
export type Decision = 'yes' | 'no' | 'ask'

/** Claim patterns that are remembered compiled; beyond it all are forgotten. */
const MAX_PATTERNS = 1_000

/** Applies rules and claims. */
export class Guard {
  readonly #canAsk: boolean
  readonly #patterns = new Map<string, ChannelPattern | undefined>()

  /** `canAsk`: whether there is an `authorize` to ask. Without one, what nobody decided is `no`. */
  constructor(canAsk: boolean) {
    this.#canAsk = canAsk
  }

  /**
   * Decides. Presence and history have rules and claims of their own; where they have none they follow `subscribe`, but what
   * `authorize` decided about that, it is asked about them too. Reserved names are granted by full name only; `authorize` is not
   * asked about them.
   */
  decide(action: Action, channel: string, identity: Identity, rule: Rule): Decision {
    const own = ownRule(action, rule)
    if (action !== 'publish' && own !== false && identity.subscriptions?.includes(channel) === true) return 'yes'
    const granted = own ?? (action === 'publish' ? rule.publish : rule.subscribe)
    const claimed = claimedBy(identity.claims ?? NO_CLAIMS, action, own)
    if (action !== 'publish' && channel.startsWith('@user:'))
      return channel === ownChannel(identity.user) && own !== false ? 'yes' : 'no'
    if (isReserved(channel))
      return (granted === true && rule.pattern === channel) || claimed.includes(channel) ? 'yes' : 'no'
    if (granted === true) return 'yes'
    if (granted === false) return claimed.includes(channel) ? 'yes' : 'no'
    if (claimed.some((pattern) => this.#matches(pattern, channel))) return 'yes'
    return this.#canAsk ? 'ask' : 'no'
  }

  /** A malformed claim matches nothing. */
  #matches(text: string, channel: string): boolean {
    if (!this.#patterns.has(text)) {
      if (this.#patterns.size >= MAX_PATTERNS) this.#patterns.clear()
      this.#patterns.set(text, compileQuietly(text))
    }
    return this.#patterns.get(text)?.matches(channel) === true
  }
}

/** What a rule says about presence or history alone. */
function ownRule(action: Action, { readPresence, readHistory }: Rule): boolean | undefined {
  if (action === 'presence') return readPresence
  return action === 'history' ? readHistory : undefined
}

/** What is claimed for an action. What a rule keeps to itself is not claimed along with subscribing. */
function claimedBy(claims: Claims, action: Action, own: boolean | undefined): readonly string[] {
  if (action === 'publish') return claims.publish ?? []
  if (action === 'subscribe') return claims.subscribe ?? []
  return claims[action] ?? (own === false ? [] : (claims.subscribe ?? []))
}

/** No claims at all. */
export const NO_CLAIMS: Claims = Object.freeze({})

/** A user's own channel, or `undefined` where the id is too long for one. */
export function ownChannel(user: string): string | undefined {
  try {
    return userChannel(user)
  } catch {
    return undefined
  }
}

function compileQuietly(text: string): ChannelPattern | undefined {
  try {
    return compilePattern(text)
  } catch {
    return undefined
  }
}
