// `npm run chaos`: kills the real gateway under load, a hundred times unless told otherwise, and judges what its clients saw.

import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { describeRun, run } from './run.ts'

const USAGE = `npm run chaos -- [--rounds N] [--seed N]    load, kill -9, restart, 100 times
npm run chaos -- --drain                   the same with SIGTERM`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    drain: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

const say = (text: string): void => void process.stdout.write(`${text}\n`)

async function main(): Promise<void> {
  const seed = Number(values.seed)
  const rounds = Number(values.rounds)
  say(`seed ${seed}, ${rounds} rounds`)
  const progress = (round: number): void => (round % 10 === 0 ? say(`round ${round}`) : undefined)
  const judgement = await run({ seed, rounds, signal: values.drain ? 'SIGTERM' : 'SIGKILL', progress })
  say(describeRun(judgement))
  if (judgement.violations.length === 0) return
  const file = `chaos-${seed}.json`
  writeFileSync(file, JSON.stringify({ ...judgement, logs: [...judgement.logs] }))
  say(`the histories are in ${file}`)
  process.exitCode = 1
}

if (values.help) say(USAGE)
else await main()
