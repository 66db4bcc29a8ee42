// The alerts that fire, those that did, and the rules.
import { adminApi } from '../access/admin-api.ts'
import type { Alert, AlertRule } from '../access/shapes.ts'
import type { Answer } from '../feed/use-answer.ts'
import { Severity } from '../shell/severity.tsx'
import { Told } from '../shell/told.tsx'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

/** What the server says of its alerts. */
export interface AlertsData {
  readonly active: readonly Alert[]
  readonly past: readonly Alert[]
  readonly rules: readonly AlertRule[]
}

const HOUR_MS = 3_600_000
const PAST_SHOWN = 50

export function AlertsSection({ answer }: { answer: Answer<AlertsData> }) {
  const { words } = useWords()
  return (
    <Told answer={answer}>
      {({ active, past, rules }) => (
        <>
          <section className="card">
            <h2>{words.alert.active}</h2>
            {active.length === 0 && <p className="empty">{words.noAlerts}</p>}
            {active.map((alert) => (
              <One key={alert.rule} alert={alert} silenced={answer.refresh} />
            ))}
          </section>
          <section className="card">
            <h2>{words.alert.past}</h2>
            {past.length === 0 && <p className="empty">{words.alert.noPast}</p>}
            {past.slice(0, PAST_SHOWN).map((alert) => (
              <One key={`${alert.rule} ${alert.since}`} alert={alert} />
            ))}
          </section>
          <section className="card">
            <h2>{words.alert.rules}</h2>
            <ul className="lines">
              {rules.map(({ name, severity, summary }) => (
                <li key={name}>
                  <span>
                    <Severity of={severity} /> <b>{name}</b>{' '}
                    <span className="soft">{words.alert.summaries[name] ?? summary}</span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        </>
      )}
    </Told>
  )
}

function One({ alert, silenced }: { alert: Alert; silenced?: () => void }) {
  const { words, locale } = useWords()
  const { rule, severity, summary, since, endedAt, value, bound } = alert
  const figure = (number: number) => number.toLocaleString(locale, { maximumFractionDigits: 2 })
  return (
    <div className="alert" data-rule={rule}>
      <p>
        <Severity of={severity} /> <b>{rule}</b>{' '}
        <span className="soft">{words.alert.value(figure(value), figure(bound))}</span>
      </p>
      <p>{words.alert.summaries[rule] ?? summary}</p>
      <p className="soft">
        {endedAt === undefined
          ? moment(since, locale)
          : words.alert.from(moment(since, locale), moment(endedAt, locale))}
        {alert.silenced && ` · ${words.alert.silenced}`}
      </p>
      {silenced && !alert.silenced && (
        <button type="button" onClick={() => void adminApi.silence(rule, HOUR_MS).then(silenced)}>
          {words.alert.silence}
        </button>
      )}
    </div>
  )
}
