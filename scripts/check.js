// `npm run check`: everything that can be known without running the product. One line for each step that holds, the whole
// output of each that does not; every step runs whatever the others say. `npm run check -- lint types` runs those alone.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { install, root } from './setup.js'

/** @typedef {{ name: string, command: string, args: string[], after?: string, only?: string }} Step */

/**
 * `after` names a step that must have ended; `only` a file without which there is nothing to check yet.
 * @type {Step[]}
 */
const steps = [
  { name: 'types', command: 'tsc', args: ['-b'] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware'], after: 'types' },
  { name: 'layers', command: 'node', args: ['scripts/check-layers.ts'] },
  { name: 'spec', command: 'node', args: ['scripts/check-spec.ts'], only: 'scripts/check-spec.ts' },
  { name: 'spec tables', command: 'node', args: ['scripts/print-spec.ts', '--check'], only: 'scripts/print-spec.ts' },
  { name: 'errors', command: 'node', args: ['scripts/check-errors.ts'] },
  { name: 'examples', command: 'node', args: ['scripts/check-examples.ts'], after: 'types' },
  { name: 'dead code', command: 'knip', args: ['--no-progress'] },
  { name: 'exports', command: 'node', args: ['scripts/check-exports.ts'], after: 'types' },
  { name: 'size', command: 'size-limit', args: [], after: 'types' },
]
const atOnce = 2

await install()
const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`
const named = process.argv.slice(2)
const chosen = steps.filter(({ name }) => named.length === 0 || named.includes(name))
if (chosen.length === 0) throw new Error(`no such step; there are: ${steps.map(({ name }) => name).join(', ')}`)
const waiting = chosen.filter(({ only }) => only === undefined || existsSync(join(root, only)))
const ended = new Set(steps.filter((step) => !waiting.includes(step)).map(({ name }) => name))
/** @type {string[]} */
const failed = []

await Promise.all(Array.from({ length: atOnce }, work))
if (failed.length > 0) {
  console.log(`\nfailed: ${failed.join(', ')}`)
  process.exitCode = 1
}

/** Takes the next step that may run, until none is left. */
async function work() {
  while (waiting.length > 0) {
    const next = waiting.findIndex((step) => step.after === undefined || ended.has(step.after))
    const [step] = next === -1 ? [] : waiting.splice(next, 1)
    if (step === undefined) await new Promise((resolve) => void setTimeout(resolve, 20))
    else await check(step)
  }
}

/** @param {Step} step */
async function check({ name, command, args }) {
  const started = performance.now()
  const { code, output } = await capture(command, args)
  const seconds = `${((performance.now() - started) / 1000).toFixed(1)} s`
  if (code === 0) console.log(`ok ${name} (${seconds})`)
  else {
    failed.push(name)
    console.log(`\nFAILED ${name} (${seconds}): ${command} ${args.join(' ')}\n${output.trimEnd()}\n`)
  }
  ended.add(name)
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<{ code: number, output: string }>}
 */
function capture(command, args) {
  const env = { ...process.env, PATH: path, NO_COLOR: '1' }
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  const collect = (/** @type {unknown} */ chunk) => (output += String(chunk))
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return new Promise((resolve) => {
    child.on('error', (error) => resolve({ code: 1, output: error.message }))
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
