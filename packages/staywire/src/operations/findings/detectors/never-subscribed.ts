// Connections that have been there for a while and never subscribed to anything: opened, and forgotten.

import { by, idsOf } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

const WHILE_MS = 60_000
const MANY = 3

export const neverSubscribed: Detector = {
  kind: 'never-subscribed',
  severity: 'INFO',
  afterMs: 0,
  look: ({ live, now }) => {
    const unused = by(live.all(), ({ facts, used, agent }) =>
      used || now - facts.connectedAt < WHILE_MS ? undefined : `${facts.origin.label ?? ''}\n${agent ?? ''}`,
    )
    return [...unused.values()]
      .filter((own) => own.length >= MANY)
      .map((own) => {
        const { label } = own[0]?.facts.origin ?? {}
        const agent = own[0]?.agent
        const subject = { ...(label !== undefined && { label }), ...(agent !== undefined && { agent }) }
        return { subject, connections: idsOf(own), values: { connections: own.length } }
      })
  },
}
