// How the connection is, when it is tried again, and a button where it is not tried any more.

import { useConnection } from 'staywire/react'
import { useClock } from './use-clock.ts'

export function StateDisplay() {
  const { status, cause, retryAt, client, connect } = useConnection()
  const now = useClock(status === 'waiting')
  const { attempts = 0, transport, sharing } = client?.stats() ?? {}
  return (
    <div className="state" role="status">
      <span className="pill" data-status={status} title={cause?.reason}>
        {status}
      </span>
      {status === 'waiting' && retryAt !== undefined && (
        <span className="soft">
          attempt {attempts + 1} in {Math.max(0, Math.ceil((retryAt - now) / 1_000))} s: {cause?.reason}
        </span>
      )}
      {status === 'connected' && (
        <span className="soft">
          {transport}, {sharing?.tabs} {sharing?.tabs === 1 ? 'tab' : 'tabs'}
        </span>
      )}
      {status !== 'connected' && status !== 'connecting' && (
        <button className="retry" onClick={() => void connect().catch(() => {})}>
          Try now
        </button>
      )}
    </div>
  )
}
