// The leaks that are known: what, why, and what to do.
import type { Finding } from '../access/shapes.ts'
import type { Answer } from '../feed/use-answer.ts'
import { Facts } from '../shell/facts.tsx'
import { addressOf } from '../shell/sections.ts'
import { Severity } from '../shell/severity.tsx'
import { Told } from '../shell/told.tsx'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

export function FindingsSection({ answer }: { answer: Answer<{ findings: readonly Finding[] }> }) {
  const { words } = useWords()
  return (
    <Told answer={answer}>
      {({ findings }) =>
        findings.length === 0 ? (
          <p className="notice">{words.noFindings}</p>
        ) : (
          findings.map((finding) => <One key={finding.id} finding={finding} />)
        )
      }
    </Told>
  )
}

function One({ finding }: { finding: Finding }) {
  const { words, locale } = useWords()
  const { kind, severity, since, count, title, cause, cure, examples, subject } = finding
  const { user, address, agent, browser, tab, page, label } = subject
  return (
    <section className="card finding" data-kind={kind}>
      <h2>
        <Severity of={severity} /> {title} <span className="soft">× {count.toLocaleString(locale)}</span>
      </h2>
      <p>
        <b>{words.finding.cause}:</b> {cause}
      </p>
      <p>
        <b>{words.finding.cure}:</b> {cure}
      </p>
      <Facts
        facts={[
          [words.finding.since, moment(since, locale)],
          [
            words.columns.user,
            user !== undefined && (
              <a key={user} href={addressOf('users', user)}>
                {user}
              </a>
            ),
          ],
          [words.one.browser, browser],
          [words.one.tab, tab],
          [words.one.page, page],
          [words.one.label, label],
          [words.columns.from, [address, agent].filter((part) => part !== undefined).join(' · ')],
          [
            words.finding.examples,
            examples.map((id) => (
              <a key={id} className="line" href={addressOf('connections', id)}>
                <code>{id}</code>
              </a>
            )),
          ],
        ]}
      />
    </section>
  )
}
