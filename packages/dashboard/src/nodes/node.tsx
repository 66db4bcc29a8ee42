// The node: whether it is well and by which checks, what it is, and sending everybody away from it.
import { useState } from 'react'
import { adminApi } from '../access/admin-api.ts'
import { useAnswer } from '../feed/use-answer.ts'
import { ConfirmButton } from '../shell/confirm-button.tsx'
import { Facts } from '../shell/facts.tsx'
import { Told } from '../shell/told.tsx'
import { duration } from '../words/duration.ts'
import { useWords } from '../words/use-words.ts'

const PER_SECOND = 100
const HEALTH = { channel: '$admin:health' }

export function NodeSection() {
  const { words } = useWords()
  const { node: said } = words
  const health = useAnswer(adminApi.health, HEALTH)
  const facts = useAnswer(adminApi.node)
  const stateOf = (status: string) => said.states[status] ?? status
  return (
    <>
      <Told answer={health}>
        {({ status, checks, uptime }) => (
          <section className="card">
            <h2>
              {said.health}: <span className={`state ${status}`}>{stateOf(status)}</span>
            </h2>
            <Facts
              facts={[
                ...Object.entries(checks).map(
                  ([name, check]) => [name, `${stateOf(check.status)}: ${check.detail}`] as const,
                ),
                [said.up, duration(uptime * 1_000)],
              ]}
            />
          </section>
        )}
      </Told>
      <Told answer={facts}>
        {({ node }) => (
          <section className="card">
            <h2>{said.facts}</h2>
            <Facts
              facts={[
                [said.name, node.name],
                [said.pid, node.pid],
                [said.platform, node.platform],
                [said.version, node.version],
              ]}
            />
          </section>
        )}
      </Told>
      <CloseAll />
    </>
  )
}

function CloseAll() {
  const { words } = useWords()
  const { node: said } = words
  const [perSecond, setPerSecond] = useState(PER_SECOND)
  const [closed, setClosed] = useState<number>()
  return (
    <section className="card">
      <h2>{said.closeAll}</h2>
      <p className="soft">{said.closeAllAbout}</p>
      <p className="actions">
        <label>
          {said.perSecond}{' '}
          <input
            type="number"
            min={1}
            value={perSecond}
            onChange={(event) => setPerSecond(Math.max(1, event.target.valueAsNumber || 1))}
          />
        </label>
        <ConfirmButton
          label={said.closeAll}
          about={said.closeAllAbout}
          act={() => adminApi.closeAll(perSecond).then((answer) => setClosed(answer.closed))}
        />
        <span role="status">{closed !== undefined && said.closed(closed)}</span>
      </p>
    </section>
  )
}
