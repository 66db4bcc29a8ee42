// The devices of a user, as the server sees them, each with a button that sends it away; and what the server makes of them.

import { usePolled } from './use-polled.ts'

interface Device {
  readonly socketId: string
  readonly connectedAt: number
  readonly lastPingAt: number | null
  readonly missedPings: number
}

interface Finding {
  readonly id: string
  readonly title: string
  readonly cause: string
  readonly cure: string
}

const timeOf = (at: number | null): string => (at === null ? 'never' : new Date(at).toLocaleTimeString())

/** The panel. `own`: the socket of this page. */
export function Devices({ userId, own }: { readonly userId: string; readonly own: string | undefined }) {
  const user = encodeURIComponent(userId)
  const devices = usePolled<readonly Device[]>(`/api/users/${user}/connections`) ?? []
  const { findings = [] } = usePolled<{ findings: readonly Finding[] }>(`/api/v1/findings?user=${user}`) ?? {}
  return (
    <aside>
      <h2>Devices</h2>
      {devices.map(({ socketId, connectedAt, lastPingAt, missedPings }) => (
        <section className="device card" key={socketId} data-own={socketId === own}>
          <b>{socketId === own ? 'this page' : 'another'}</b>
          <button onClick={() => void fetch(`/api/connections/${socketId}`, { method: 'DELETE' })}>Disconnect</button>
          <p className="soft">
            since {timeOf(connectedAt)} · last ping {timeOf(lastPingAt)} · missed {missedPings}
          </p>
        </section>
      ))}
      {findings.map(({ id, title, cause, cure }) => (
        <section className="finding card" key={id}>
          <b>{title}</b>
          <p>{cause}</p>
          <p className="soft">{cure}</p>
        </section>
      ))}
    </aside>
  )
}
