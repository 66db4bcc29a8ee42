// Clients that do not say which browser they are in: nobody can tell which of them belong together, but address and agent.

import { by, idsOf } from '../browser-group.ts'
import type { Detector } from '../finding.ts'

const MANY = 5

export const unidentified: Detector = {
  kind: 'unidentified',
  severity: 'INFO',
  afterMs: 3_000,
  look: ({ live }) =>
    [
      ...by(live.all(), ({ facts, agent }) =>
        facts.origin.browser === undefined ? `${facts.address}\n${agent ?? ''}` : undefined,
      ),
    ]
      .filter(([, own]) => own.length >= MANY)
      .map(([, own]) => {
        const [first] = own
        const address = first?.facts.address ?? ''
        const users = new Set(own.map(({ facts }) => facts.user)).size
        const subject = { address, ...(first?.agent !== undefined && { agent: first.agent }) }
        return { subject, connections: idsOf(own), values: { connections: own.length, users } }
      }),
}
