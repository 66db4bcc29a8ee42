// Packs the public packages as npm would, and looks at them as a stranger's compiler and bundler would: publint for the
// manifest, attw for the types of every subpath. Publishes nothing; what it packs goes to a temporary folder.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const temporary = mkdtempSync(join(tmpdir(), 'staywire-exports-'))

function run(command: string, args: string[]): boolean {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: root, encoding: 'utf8' })
  if (status === 0) return true
  console.error(`${command} ${args.join(' ')}\n${error?.message ?? ''}${stdout}${stderr}`)
  return false
}

function check(workspace: string, typed: boolean): boolean {
  const folder = mkdtempSync(join(temporary, 'pack-'))
  if (!run('npm', ['pack', '--silent', '-w', workspace, '--pack-destination', folder])) return false
  const tarball = join(folder, readdirSync(folder)[0] ?? '')
  const manifest = run('publint', ['run', tarball, '--strict'])
  return (!typed || run('attw', [tarball, '--profile', 'esm-only', '--no-emoji'])) && manifest
}

try {
  // The compiler makes all that is packed but the script of the shared worker.
  const results = [
    run('vite', ['build', '--logLevel', 'warn', 'packages/staywire']),
    check('staywire', true),
    check('@staywire/socket.io', true),
    check('@staywire/nestjs', true),
    check('@staywire/nuxt', false),
    check('@staywire/gateway', false),
  ]
  process.exitCode = results.every(Boolean) ? 0 : 1
} finally {
  rmSync(temporary, { recursive: true })
}
