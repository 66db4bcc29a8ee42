// `npm test`: sets the checkout up, runs the suites two at a time, and ends with the line
// `N passed, N failed, N skipped`. What cannot run here is named and counted as skipped, never left out in silence.
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { install, projectNode, root, run, setUp } from './setup.js'
import { find, provide } from './system.js'

/**
 * @typedef {import('./count-reporter.ts').Counts} Counts
 * @typedef {{ counts: Counts, note: string }} Result note: how long it took, or what it lacks
 */
/**
 * A suite without what it `needs` is skipped; without what it `uses`, some of its tests skip themselves.
 * `workers`: how many of its files run side by side, for suites that mostly wait.
 * @typedef {{ name: string, about: string, needs: import('./system.js').Program[], uses?: import('./system.js').Program[], workers?: number }} Suite
 */

/**
 * Two run at a time, for they wait more than they work, taken from both ends of this list, so that the browsers of the one
 * end and the crowds of the other do not meet their like.
 * @type {Suite[]}
 */
const suites = [
  { name: 'unit', about: 'beside the sources, on virtual time', needs: [] },
  { name: 'conformance', about: 'PROTOCOL.md against a real server', needs: [], workers: 2 },
  { name: 'transports', about: 'client and server over real sockets', needs: [], workers: 2 },
  {
    name: 'gateway',
    about: 'the standalone program, its commands and its HTTP',
    needs: [],
    uses: ['openssl'],
    workers: 3,
  },
  { name: 'store', about: 'the embedded store on a real disk', needs: [], uses: ['sqlite3', 'strace'], workers: 2 },
  { name: 'simulation', about: 'whole systems on virtual time, with random faults', needs: [] },
  {
    name: 'operations',
    about: 'metrics, findings, alerts and forecasts on real servers and recorded series',
    needs: [],
    workers: 2,
  },
  { name: 'abuse', about: 'hostile input, with a bystander who must notice nothing', needs: [] },
  { name: 'chaos', about: 'killed processes, cut networks', needs: [], uses: ['ip', 'iptables'] },
  { name: 'proxies', about: 'behind nginx and haproxy', needs: ['nginx', 'haproxy', 'openssl'], workers: 3 },
  { name: 'examples', about: 'the systems in examples/, each as its users have it', needs: ['chromium'], workers: 2 },
  { name: 'browser', about: 'real tabs in a real browser', needs: ['chromium'], workers: 2 },
  {
    name: 'sharing',
    about: 'one connection for all tabs, in three browsers',
    needs: ['chromium', 'firefox', 'webkit', 'xvfb', 'dbus'],
    workers: 2,
  },
]

/** What suites leave to be printed at the end: speed and counts of the simulation, what the killed processes lost. */
const figures = join(root, 'node_modules', '.cache', 'staywire', `figures-${process.pid}.txt`)

const usage = `npm test [-- SUITE ... [OPTIONS]]    runs every suite, or the named ones; OPTIONS go to vitest (-t "a title")

${suites.map(({ name, about }) => `  ${name.padEnd(12)} ${about}`).join('\n')}
`

const args = process.argv.slice(2)
if (args.includes('--help') || args.includes('-h')) {
  console.log(usage)
} else {
  const firstOption = args.findIndex((arg) => arg.startsWith('-'))
  const names = firstOption === -1 ? args : args.slice(0, firstOption)
  const unknown = names.find((name) => !suites.some((suite) => suite.name === name))
  if (unknown === undefined) await main(names, args.slice(names.length))
  else {
    console.error(`there is no suite called "${unknown}"\n\n${usage}`)
    process.exitCode = 2
  }
}

/**
 * @param {string[]} names the suites to run; none means all
 * @param {string[]} options for vitest
 */
async function main(names, options) {
  const wanted = suites.filter((suite) => (names.length === 0 || names.includes(suite.name)) && exists(suite))
  await (wanted.every((suite) => suite.name === 'unit') ? install() : setUp()) // unit tests read the sources
  await provide([...new Set(wanted.flatMap(({ needs, uses = [] }) => [...needs, ...uses]))])

  rmSync(figures, { force: true })
  /** @type {Map<Suite, Result>} */
  const results = new Map()
  const waiting = [...wanted]
  /** @param {() => Suite | undefined} next */
  const lane = async (next) => {
    for (let suite = next(); suite !== undefined; suite = next()) {
      console.log(`== ${suite.name} ...`)
      const result = await resultOf(suite, options, wanted.length > 1)
      console.log(`== ${suite.name}: ${line(result.counts)} (${result.note})\n`)
      results.set(suite, result)
    }
  }
  await Promise.all([lane(() => waiting.pop()), lane(() => waiting.shift())])
  report(wanted.map((suite) => [suite.name, /** @type {Result} */ (results.get(suite))]))
}

/**
 * @param {Suite} suite
 * @param {string[]} options
 * @param {boolean} whole its output in one piece at the end, because another suite runs beside it
 * @returns {Promise<Result>}
 */
async function resultOf(suite, options, whole) {
  const missing = suite.needs.filter((program) => find(program) === undefined)
  if (missing.length > 0) return { counts: await skip(suite, missing, options), note: `needs ${missing.join(', ')}` }
  const started = performance.now()
  const counts = await runSuite(suite, options, whole)
  return { counts, note: `${((performance.now() - started) / 1000).toFixed(1)} s` }
}

/** @param {Suite} suite */
function exists({ name }) {
  const folder = join(root, 'test', name)
  if (name === 'unit') return true
  return (
    existsSync(folder) && readdirSync(folder, { recursive: true }).some((file) => String(file).endsWith('.test.ts'))
  )
}

/**
 * @param {Suite} suite
 * @param {string[]} options
 * @param {boolean} whole
 * @returns {Promise<Counts>}
 */
async function runSuite({ name, workers }, options, whole) {
  const file = join(root, 'node_modules', '.cache', 'staywire', `counts-${name}-${process.pid}.json`)
  mkdirSync(join(file, '..'), { recursive: true })
  const reporters = ['--reporter=default', `--reporter=${join(root, 'scripts', 'count-reporter.ts')}`]
  const chromium = find('chromium')
  const env = {
    ...process.env,
    STAYWIRE_COUNTS: file,
    STAYWIRE_FIGURES: figures,
    ...(chromium === undefined ? {} : { CHROMIUM_PATH: chromium }),
  }
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--project', name, ...reporters]
  if (workers !== undefined) vitest.push(`--maxWorkers=${workers}`)
  const code = await run(projectNode, [...vitest, ...options], { env, whole })
  /** @type {Counts} */
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 }
  rmSync(file, { force: true })
  if (code !== 0 && counts.failed === 0) counts.failed = 1 // it crashed, or broke outside its tests
  return counts
}

/**
 * Counts the tests of a suite that cannot run here.
 * @param {Suite} suite
 * @param {string[]} missing
 * @param {string[]} options
 * @returns {Promise<Counts>}
 */
async function skip({ name }, missing, options) {
  console.log(`skipped: needs ${missing.join(', ')} (on Debian, as root, npm test installs what it needs)`)
  const file = join(root, 'node_modules', '.cache', 'staywire', `list-${name}-${process.pid}.json`)
  const vitest = ['node_modules/vitest/vitest.mjs', 'list', '--project', name, `--json=${file}`, ...options]
  const code = await run(projectNode, vitest, { quiet: true })
  if (code !== 0 || !existsSync(file)) return { passed: 0, failed: 1, skipped: 0 } // its files do not even load
  const skipped = JSON.parse(readFileSync(file, 'utf8')).length
  rmSync(file)
  return { passed: 0, failed: 0, skipped }
}

/** @param {[name: string, result: Result][]} rows */
function report(rows) {
  const total = { passed: 0, failed: 0, skipped: 0 }
  console.log('')
  if (existsSync(figures)) console.log(readFileSync(figures, 'utf8'))
  for (const [name, { counts, note }] of rows) {
    console.log(`${name.padEnd(12)} ${line(counts)} (${note})`)
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
  }
  if (total.passed + total.failed === 0) console.log('no test ran')
  console.log(`\n${line(total)}`)
  process.exitCode = total.failed > 0 || total.passed === 0 ? 1 : 0
}

/** @param {Counts} counts */
function line({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed, ${skipped} skipped`
}
