// Makes a checkout ready: dependencies installed, packages built. Runs on the Node that a fresh machine has (20 or
// newer) with nothing installed, and does nothing when nothing has changed. It never touches files under version control.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { constants } from 'node:os'
import { delimiter, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The folder of the checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** The Node that everything in this checkout runs on, whatever the machine has: a dependency like any other. */
export const projectNode = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')

const buildStamp = join(root, 'node_modules', '.cache', 'staywire', 'build')
const apps = ['demo', 'dashboard']
const libraries = [
  'packages/staywire/tsconfig.core.json',
  'packages/staywire/tsconfig.browser.json',
  'packages/staywire/tsconfig.node.json',
  'packages/gateway/tsconfig.src.json',
  'packages/socket.io',
  'packages/nestjs',
  'packages/nuxt',
]
const outputs = [
  'staywire/dist/server/index.js',
  'staywire/dist/worker.js',
  'gateway/dist/main.js',
  'socket.io/dist/index.js',
  'nestjs/dist/index.js',
  'nuxt/dist/module.js',
  ...apps.map((app) => `${app}/dist/index.html`),
]

/**
 * Runs a program in the checkout, on the project's Node where it asks for `node`, and passes signals on to it.
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { quiet?: boolean, whole?: boolean }} [options] `quiet` prints its
 *   output only when it fails; `whole` in one piece when it ends, so that two can run side by side and be read
 * @returns {Promise<number>} its exit code; 128 + n when a signal ended it
 */
export function run(command, args, { quiet = false, whole = false, ...options } = {}) {
  const path = `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`
  /** @type {import('node:child_process').StdioOptions} */
  const stdio = quiet || whole ? ['ignore', 'pipe', 'pipe'] : 'inherit'
  const env = { ...process.env, PATH: path, ...options.env }
  const child = spawn(command, args, { cwd: root, stdio, ...options, env })
  /** @type {Buffer[]} */
  const output = []
  child.stdout?.on('data', (chunk) => output.push(chunk))
  child.stderr?.on('data', (chunk) => output.push(chunk))
  /** @param {NodeJS.Signals} signal */
  const pass = (signal) => void child.kill(signal)
  const signals = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])
  for (const signal of signals) process.on(signal, pass)
  const watch = whenNpmEnds(() => pass('SIGTERM'))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => {
      for (const each of signals) process.off(each, pass)
      clearInterval(watch)
      if (whole) process.stdout.write(Buffer.concat(output))
      else if (code !== 0) process.stderr.write(Buffer.concat(output))
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/**
 * Between npm and a script stands a shell that dies of the SIGTERM npm passes on, and passes on nothing: without this a
 * stopped `npm start` would leave its server running.
 * @param {() => void} end called once, soon after that shell has gone
 */
export function whenNpmEnds(end) {
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.env['npm_lifecycle_event'] === undefined || process.ppid === parent) return
    clearInterval(watch)
    end()
  }, 200)
  return watch.unref()
}

/** Installs what is missing, then builds, unless nothing has changed since the last time. */
export async function setUp() {
  await install()
  if (isBuilt()) return
  console.log('setup: building ...')
  await build()
}

/** Installs what the lock file says, unless it is installed already. */
export async function install() {
  if (isInstalled()) return
  console.log('setup: installing dependencies (npm ci) ...')
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  await must('npm ci', run(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { quiet: true }))
}

/** Builds every package: the libraries by the compiler, then the pages, which are made of them. */
export async function build() {
  const hash = sourceHash()
  await must('tsc -b', run(projectNode, ['node_modules/typescript/bin/tsc', '-b', ...libraries]))
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  // The script of the shared worker is a page's part of the library, and built like one.
  const pages = ['staywire', ...apps].map((app) => {
    const options = { cwd: join(root, 'packages', app), quiet: true }
    return must(`vite build (${app})`, run(projectNode, [vite, 'build'], options))
  })
  await Promise.all(pages)
  mkdirSync(join(buildStamp, '..'), { recursive: true })
  writeFileSync(buildStamp, hash)
}

/**
 * @param {string} what
 * @param {Promise<number>} exitCode
 */
async function must(what, exitCode) {
  const code = await exitCode
  if (code === 0) return
  console.error(`setup: ${what} failed (exit code ${code})`)
  process.exit(1)
}

/** Whether what npm noted down when it installed is what the lock file asks for. */
function isInstalled() {
  const noted = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(noted) || !existsSync(projectNode)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(noted, 'utf8')).packages
  return Object.keys(wanted).every((path) => {
    if (!path.includes('node_modules/') || wanted[path].optional) return true
    return present[path] !== undefined && present[path].version === wanted[path].version
  })
}

function isBuilt() {
  if (!outputs.every((output) => existsSync(join(root, 'packages', output)))) return false
  return existsSync(buildStamp) && readFileSync(buildStamp, 'utf8') === sourceHash()
}

/** One hash over the names and contents of everything that a build reads. */
function sourceHash() {
  const hash = createHash('sha256')
  const rootFiles = ['package-lock.json', 'tsconfig.base.json'].map((name) => join(root, name))
  for (const file of [...rootFiles, ...sources(join(root, 'packages'))]) {
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {string[]} the files under it that a build reads, sorted
 */
function sources(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || /\.(test\.tsx?|md)$/.test(entry.name)) return []
    const path = join(folder, entry.name)
    return entry.isDirectory() ? sources(path) : [path]
  })
}
