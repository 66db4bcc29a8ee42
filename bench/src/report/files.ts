/** Keeps a report under `bench/results`: the attempts of each run as JSON, and the table of the latest as README.md. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { SCENARIOS } from '../scenarios/all.ts'
import { renderReport, type Report } from './markdown.ts'
import type { Attempt } from './outcome.ts'

const FOLDER = new URL('../../results/', import.meta.url)

/** Writes the files and answers with their names, relative to `bench/results`. A run with failures leaves its attempts, but no table. */
export function saveReport(report: Report, attempts: readonly Attempt[]): readonly string[] {
  mkdirSync(fileURLToPath(FOLDER), { recursive: true })
  const { date, machine, rounds, scenarios, summaries, verdicts } = report
  const names = scenarios.map(({ name }) => name)
  const everything = names.length === SCENARIOS.length
  const name = `${date.slice(0, 10)}-${everything ? 'all' : names.join('+')}`
  const content = { date, machine, rounds, scenarios: names, attempts, summaries, verdicts }
  const text = `# Latest figures\n\nWritten by \`npm run bench\`; how to read them is in [the bench's README](../README.md).\n\n${renderReport(report)}\n`
  const files = { [`${name}.json`]: `${JSON.stringify(content, null, 2)}\n`, 'README.md': text }
  const complete = attempts.every(({ result }) => 'figures' in result)
  const kept = Object.entries(files).filter(([file]) => complete || file !== 'README.md')
  for (const [file, written] of kept) writeFileSync(new URL(file, FOLDER), written)
  return kept.map(([file]) => file)
}
