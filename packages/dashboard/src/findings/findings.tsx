// The leaks that are known: what, why, and what to do.
import type { Finding } from '../access/shapes.ts'
import type { Polled } from '../feed/use-polled.ts'
import { Severity } from '../shell/severity.tsx'
import { Told } from '../shell/told.tsx'
import { moment } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

export function FindingsSection({ polled }: { polled: Polled<{ findings: readonly Finding[] }> }) {
  const { words } = useWords()
  return (
    <Told polled={polled}>
      {({ findings }) =>
        findings.length === 0 ? (
          <p className="notice">{words.noFindings}</p>
        ) : (
          findings.map((finding) => <One key={`${finding.kind} ${finding.examples[0]}`} finding={finding} />)
        )
      }
    </Told>
  )
}

function One({ finding: { kind, severity, since, count, title, cause, cure, examples } }: { finding: Finding }) {
  const { words, locale } = useWords()
  return (
    <section className="card finding" data-kind={kind}>
      <h2>
        <Severity of={severity} /> {title} <span className="soft">× {count.toLocaleString(locale)}</span>
      </h2>
      <p className="soft">
        {words.finding.since} {moment(since, locale)}
      </p>
      <p>
        <b>{words.finding.cause}:</b> {cause}
      </p>
      <p>
        <b>{words.finding.cure}:</b> {cure}
      </p>
      {examples.length > 0 && (
        <p className="soft">
          {words.finding.examples}: {examples.join(', ')}
        </p>
      )}
    </section>
  )
}
