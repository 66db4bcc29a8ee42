// The programs from outside npm that some test suites need: how to find them, which Debian packages bring them.
// Installs only as root on a Debian system, and only what is missing; elsewhere it just says what is missing.
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './setup.js'

/** Each program: the names it is found by, and the Debian package that brings it. */
const programs = {
  chromium: { names: ['chromium', 'chromium-browser', 'google-chrome'], package: 'chromium' },
  firefox: { names: ['firefox-esr', 'firefox'], package: 'firefox-esr' },
  webkit: { names: ['WebKitWebDriver'], package: 'webkit2gtk-driver' },
  xvfb: { names: ['xvfb-run'], package: 'xvfb' },
  dbus: { names: ['dbus-launch'], package: 'dbus-x11' },
  nginx: { names: ['nginx'], package: 'nginx' },
  haproxy: { names: ['haproxy'], package: 'haproxy' },
  sqlite3: { names: ['sqlite3'], package: 'sqlite3' },
  ip: { names: ['ip'], package: 'iproute2' },
  iptables: { names: ['iptables'], package: 'iptables' },
  openssl: { names: ['openssl'], package: 'openssl' },
  strace: { names: ['strace'], package: 'strace' },
}

/** @typedef {keyof typeof programs} Program */

/**
 * @param {Program} program
 * @returns {string | undefined} its path, or undefined when it is missing
 */
export function find(program) {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/sbin', '/sbin']
  const paths = programs[program].names.flatMap((name) => folders.map((folder) => join(folder, name)))
  return paths.find((path) => existsSync(path))
}

/**
 * Installs those of the wanted programs that are missing, where that is possible.
 * @param {Program[]} wanted
 */
export async function provide(wanted) {
  const missing = wanted.filter((program) => find(program) === undefined)
  if (missing.length === 0 || process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  const packages = [...new Set(missing.map((program) => programs[program].package))]
  console.log(`setup: installing ${packages.join(', ')} (apt-get) ...`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const updated = await run('apt-get', ['update', '-q'], { quiet: true, env })
  if (updated !== 0) return
  await run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { quiet: true, env })
}
