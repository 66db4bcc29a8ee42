// What the server's operators are told about: alerts that fire, and those that did.

import { usePolled } from './use-polled.ts'

const EVERY_MS = 5_000
const SHOWN = 4

interface Alert {
  readonly rule: string
  readonly severity: 'INFO' | 'WARN' | 'ERROR'
  readonly summary: string
  readonly since: number
}

/** `GET /api/v1/alerts`. */
interface Alerts {
  readonly active: readonly Alert[]
  readonly past: readonly Alert[]
}

export function AlertsPanel() {
  const alerts = usePolled<Alerts>('/api/v1/alerts', EVERY_MS)
  const shown = [...(alerts?.active ?? []).map((each) => ({ ...each, fires: true })), ...(alerts?.past ?? [])]
  return (
    <section className="panel alerts">
      <h2>Alerts</h2>
      {shown.length === 0 && <p className="soft">None.</p>}
      <ul>
        {shown.slice(0, SHOWN).map((alert) => (
          <li key={`${alert.rule} ${alert.since}`} data-severity={alert.severity} data-fires={'fires' in alert}>
            <b>{alert.severity}</b> {alert.rule} <p className="soft">{alert.summary}</p>
          </li>
        ))}
      </ul>
    </section>
  )
}
