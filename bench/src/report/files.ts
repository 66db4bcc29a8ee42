/** Keeps a report under `bench/results`: one JSON file per run, and the latest full table as README.md. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SCENARIOS } from '../scenarios/all.ts'
import { SERVERS } from '../server-list.ts'
import { renderReport, type Report } from './markdown.ts'
import type { Attempt } from './outcome.ts'

const FOLDER = new URL('../../results/', import.meta.url)

/** Writes the files and answers with their names, relative to `bench/results`. README.md changes only with a run of everything. */
export function saveReport(report: Report, attempts: readonly Attempt[]): readonly string[] {
  mkdirSync(fileURLToPath(FOLDER), { recursive: true })
  const { date, machine, rounds, scenarios, summaries, verdicts } = report
  const names = scenarios.map(({ name }) => name)
  const everything = names.length === SCENARIOS.length
  const file = `${date.slice(0, 10)}-${everything ? 'all' : names.join('+')}.json`
  const content = { date, machine, rounds, scenarios: names, attempts, summaries, verdicts }
  writeFileSync(new URL(file, FOLDER), `${JSON.stringify(content, null, 2)}\n`)
  const complete =
    everything &&
    SERVERS.every(({ name, runtime }) => runtime !== undefined || summaries.some(({ server }) => server === name))
  if (!complete) return [file]
  const text = `# Latest figures\n\nWritten by \`npm run bench\`; how to read them is in [the bench's README](../README.md).\n\n${renderReport(report)}\n`
  writeFileSync(new URL('README.md', FOLDER), text)
  return [file, 'README.md']
}
