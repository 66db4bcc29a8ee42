// `npm run sim`: searches with other seeds, or runs one plan again and tells what happens in it.

import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Plan } from './plan.ts'
import { run } from './run/run.ts'
import { report, search } from './search.ts'

const USAGE = `npm run sim -- [--seed N] [--runs N]       searches; a plan that fails is made smaller and written to a file
npm run sim -- --replay FILE [--trace]     runs the plan in FILE again; --trace tells everything that happens`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    runs: { type: 'string', default: '1000' },
    replay: { type: 'string' },
    trace: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function replay(file: string): Promise<void> {
  const plan = (JSON.parse(readFileSync(file, 'utf8')) as { plan: Plan }).plan
  const { violations, lines } = await run(plan, { keepsLines: values.trace })
  for (const line of lines) say(line)
  say(violations.length === 0 ? 'nothing is wrong' : violations.join('\n'))
  process.exitCode = violations.length === 0 ? 0 : 1
}

async function searchOnce(): Promise<void> {
  const seed = Number(values.seed)
  const findings = await search({ seed, runs: Number(values.runs) })
  say(`seed ${seed}\n${report(findings)}`)
  const { failure } = findings
  if (failure === undefined) return
  const file = `simulation-${seed}.json`
  writeFileSync(file, `${JSON.stringify({ violations: failure.violations, plan: failure.plan }, undefined, 2)}\n`)
  say(
    `failed after ${failure.afterRuns} runs:\n${failure.violations.join('\n')}\nrun it again: npm run sim -- --replay ${file} --trace`,
  )
  process.exitCode = 1
}

if (values.help) say(USAGE)
else if (values.replay !== undefined) await replay(values.replay)
else await searchOnce()
