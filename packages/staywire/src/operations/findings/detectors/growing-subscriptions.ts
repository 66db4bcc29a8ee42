// A connection whose subscriptions only ever become more: a component subscribes again and again, and never unsubscribes.

import type { LiveConnection } from '../../live/live-connection.ts'
import type { Detector, Suspicion } from '../finding.ts'

/** Rises in a row, each seen at another look, without one fall. */
const RISES = 4
const MANY = 16

/** Makes the detector; it remembers what it saw of connections with many subscriptions. */
export function growingSubscriptions(): Detector {
  const seen = new WeakMap<LiveConnection, { count: number; rises: number }>()
  const suspicious = (live: LiveConnection): boolean => {
    const { subscriptions } = live
    const before = seen.get(live)
    if (before === undefined) {
      if (subscriptions > 0) seen.set(live, { count: subscriptions, rises: 0 })
      return false
    }
    if (subscriptions > before.count) before.rises++
    else if (subscriptions < before.count) before.rises = 0
    before.count = subscriptions
    return before.rises >= RISES && subscriptions >= MANY
  }
  return {
    kind: 'growing-subscriptions',
    severity: 'WARN',
    afterMs: 0,
    look: ({ live }) => {
      const suspicions: Suspicion[] = []
      for (const connection of live.all()) {
        if (!suspicious(connection)) continue
        const { facts, subscriptions } = connection
        suspicions.push({
          subject: { user: facts.user, ...facts.origin },
          connections: [facts.connection],
          values: { subscriptions },
        })
      }
      return suspicions
    },
  }
}
