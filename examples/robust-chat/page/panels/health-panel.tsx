// How the server says it is, asked every 30 seconds and when the connection changes.

import { useConnection } from 'staywire/react'
import { usePolled } from './use-polled.ts'

const EVERY_MS = 30_000

/** `GET /api/websocket/health`. */
interface Health {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly uptime: number
  readonly checks: Readonly<Record<string, { readonly status: string; readonly detail: string }>>
}

export function HealthPanel() {
  const { status } = useConnection()
  // A page that has just lost the server need not wait half a minute to be told so.
  return <Checks key={String(status === 'connected')} />
}

function Checks() {
  const health = usePolled<Health>('/api/websocket/health', EVERY_MS)
  return (
    <section className="panel health" data-health={health?.status ?? 'unreachable'}>
      <h2>Health: {health?.status ?? 'no answer'}</h2>
      <ul>
        {Object.entries(health?.checks ?? {}).map(([name, { status, detail }]) => (
          <li key={name} data-status={status}>
            <b>{name}</b> <span className="soft">{detail}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
