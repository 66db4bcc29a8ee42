/** The report as Markdown. Pure: the same findings give the same text. */

import type { Machine } from '../process/machine.ts'
import type { FigureMeaning, Scenario } from '../scenario.ts'
import { FLOOR } from '../server-list.ts'
import type { Summary } from './outcome.ts'
import type { Verdict } from './verdict.ts'

/** Everything a report is made of. */
export interface Report {
  readonly date: string
  readonly machine: Machine
  readonly rounds: number
  readonly quick: boolean
  readonly scenarios: readonly Scenario[]
  readonly summaries: readonly Summary[]
  readonly verdicts: readonly Verdict[]
}

/** The whole report. */
export function renderReport(report: Report): string {
  const parts = report.scenarios.map((scenario) =>
    renderScenario(
      scenario,
      report.summaries.filter((summary) => summary.scenario === scenario.name),
    ),
  )
  const verdicts = report.verdicts.filter(({ value }) => value !== undefined)
  return [renderMachine(report), ...parts, ...(verdicts.length > 0 ? [renderVerdicts(verdicts)] : [])].join('\n\n')
}

function renderMachine({ date, machine, rounds, quick }: Report): string {
  const versions = Object.entries(machine.versions).map(([name, version]) => `${name} ${version}`)
  return [
    `Measured ${date}: ${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.kernel}; ${versions.join(', ')}.`,
    `${rounds === 1 ? 'One round' : `Medians of ${rounds} alternating rounds`}${quick ? ' of the quick size: a look, not evidence' : ''}; ` +
      `server and load ${machine.pinned ? 'pinned to one CPU' : 'not pinned: ratios are less sure'}.`,
    `Ratios are to \`${FLOOR}\`, round by round.`,
  ].join('\n')
}

function renderScenario({ name, about, figures }: Scenario, summaries: readonly Summary[]): string {
  const [first, ...others] = figures
  const heads = ['server', first.heading, `× ${FLOOR}`, 'least – most', ...others.map(({ heading }) => heading)]
  const rows = summaries.map((summary) => row(summary, first, others))
  const failures = summaries.flatMap(({ server, failures: reasons }) =>
    reasons.map((reason) => `- \`${server}\` failed: ${reason}`),
  )
  const table = [heads, heads.map((_, column) => (column === 0 ? '---' : '---:')), ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
  return [`### ${name}`, '', `${about}.`, '', ...table, ...(failures.length > 0 ? ['', ...failures] : [])].join('\n')
}

function row(summary: Summary, first: FigureMeaning, others: readonly FigureMeaning[]): readonly string[] {
  const { server, medians, least, most, ratios } = summary
  if (summary.rounds === 0) return [server, 'failed', '–', '–', ...others.map(() => '–')]
  return [
    server,
    format(medians[first.name], first.digits),
    format(ratios[first.name], 2),
    `${format(least[first.name], first.digits)} – ${format(most[first.name], first.digits)}`,
    ...others.map(({ name, digits }) => format(medians[name], digits)),
  ]
}

function renderVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ target, value, met, off = 0 }) => {
    const bar = target.atMost ?? target.atLeast ?? Number.NaN
    const digits = bar < 10 ? 3 : 0
    const sign = target.atMost === undefined ? '≥' : '≤'
    const of =
      target.of === undefined
        ? ''
        : ` × ${target.of.server}${target.of.scenario === target.scenario ? '' : ` of ${target.of.scenario}`}`
    const far = `${format(Math.abs(off) * 100, 0)} %`
    const standing = met === true ? `met, ${far} to spare` : `**missed by ${far}**`
    return `| ${target.kind} | ${target.what} | ${sign} ${format(bar, digits)}${of} | ${format(value, digits)} | ${standing} |`
  })
  return [
    '### targets',
    '',
    '| kind | what | bar | measured | standing |',
    '| --- | --- | ---: | ---: | --- |',
    ...rows,
  ].join('\n')
}

function format(value: number | undefined, digits: number): string {
  if (value === undefined || Number.isNaN(value)) return '–'
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
