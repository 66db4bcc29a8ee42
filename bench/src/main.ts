/** `npm run bench`: reads the command line, runs the rounds, prints the table. */

import { existsSync, mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { HELP, readOptions, UsageError, type Options } from './options.ts'
import { canRun } from './process/child.ts'
import { describeMachine } from './process/machine.ts'
import { saveReport } from './report/files.ts'
import { renderReport, type Report } from './report/markdown.ts'
import { summarize } from './report/outcome.ts'
import { judge } from './report/verdict.ts'
import { runRounds } from './rounds.ts'
import { TARGETS } from './targets.ts'

function refuse(why: string): never {
  process.stderr.write(`${why}\n`)
  process.exit(2)
}

async function bench(options: Options): Promise<boolean> {
  const date = new Date().toISOString()
  const attempts = await runRounds(options, (line) => process.stderr.write(`${line}\n`))
  const report: Report = {
    date,
    machine: describeMachine(),
    rounds: options.rounds,
    quick: options.size === 'quick',
    scenarios: options.scenarios,
    summaries: summarize(attempts),
    verdicts: judge(TARGETS, attempts),
  }
  process.stdout.write(`${renderReport(report)}\n`)
  if (options.save)
    for (const file of saveReport(report, attempts)) process.stderr.write(`wrote bench/results/${file}\n`)
  return attempts.every(({ result }) => 'figures' in result)
}

try {
  const options = readOptions(process.argv.slice(2), canRun)
  if (options === undefined) process.stdout.write(`${HELP}\n`)
  else {
    const built = existsSync(fileURLToPath(new URL('../../packages/staywire/dist/server/index.js', import.meta.url)))
    if (!built && options.servers.some(({ name }) => name === 'staywire'))
      refuse('staywire is not built yet: npm run build')
    if (options.profile !== undefined) mkdirSync(options.profile, { recursive: true })
    process.exitCode = (await bench(options)) ? 0 : 1
  }
} catch (error) {
  if (error instanceof UsageError) refuse(error.message)
  throw error
}
