// A client that comes, goes and comes again, over and over. What it was closed with most often says why.

import type { ConnectionFacts, ServerEvent } from '../../../server/observer/observer.ts'
import { causeOf } from '../../history/closed-connections.ts'
import type { Detector, Subject, Suspicion } from '../finding.ts'

const WINDOW_MS = 60_000
const MANY = 6
/** Clients that are remembered; the one heard of longest ago goes first. */
const CLIENTS = 2_000

interface Client {
  readonly subject: Subject
  connects: number[]
  connection: string
  code: number
  by: 'server' | 'client' | 'network'
}

/** Makes the detector; it remembers who connected in the last minute. */
export function reconnectLoop(): Detector {
  const clients = new Map<string, Client>()
  return {
    kind: 'reconnect-loop',
    severity: 'ERROR',
    afterMs: 0,
    report: (event: ServerEvent, now: number) => {
      if (event.type === 'connected') connected(clients, event.facts, now)
      else if (event.type === 'closed' && event.facts !== undefined) {
        const client = clients.get(keyOf(event.facts))
        if (client !== undefined) Object.assign(client, { code: event.code, by: event.by })
      }
    },
    look: ({ now }) => {
      const suspicions: Suspicion[] = []
      for (const [key, client] of clients) {
        client.connects = client.connects.filter((at) => at > now - WINDOW_MS)
        const { connects, subject, connection, code, by } = client
        if (connects.length === 0) clients.delete(key)
        else if (connects.length >= MANY && code !== 0)
          suspicions.push({
            subject,
            connections: [connection],
            values: { times: connects.length, code, cause: causeOf(code, by) },
          })
      }
      return suspicions
    },
  }
}

function connected(clients: Map<string, Client>, facts: ConnectionFacts, now: number): void {
  const key = keyOf(facts)
  const known = clients.get(key)
  const { user, address, origin, connection } = facts
  const { browser, tab } = origin
  const place = browser === undefined ? { address } : { browser, ...(tab !== undefined && { tab }) }
  const client = known ?? { subject: { user, ...place }, connects: [], connection, code: 0, by: 'network' }
  client.connects = [...client.connects.slice(1 - MANY * 10), now]
  client.connection = connection
  clients.delete(key)
  clients.set(key, client)
  if (clients.size <= CLIENTS) return
  const longest = clients.keys().next()
  if (longest.done !== true) clients.delete(longest.value)
}

function keyOf({ user, address, origin: { browser, tab } }: ConnectionFacts): string {
  return JSON.stringify([user, browser ?? address, tab])
}
