// The commands of docs/gateway.md do what it says: each marked one is run, and its answer has the shape that is shown.

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import { BIN, token } from './harness/command.ts'
import { ADMIN_KEY, SECRET, startGateway, USUAL, type Gateway } from './harness/gateway.ts'

const document = readFileSync(fileURLToPath(new URL('../../docs/gateway.md', import.meta.url)), 'utf8')
const marked = [...document.matchAll(/<!-- run -->\n\n```sh\n(.+?)\n```(?:\n\n```json\n(.+?)\n```)?/gs)]
const configuration = /```yaml\n(.+?)\n```/s.exec(document)?.[1] ?? ''
const folder = mkdtempSync(join(tmpdir(), 'staywire-gateway-docs-'))

let gateway: Gateway
let adasToken: string
beforeAll(async () => {
  adasToken = await token('ada', SECRET)
  const file = join(folder, 'gateway.yaml')
  writeFileSync(file, configuration)
  gateway = await startGateway([...USUAL, '--config', file, '--data', join(folder, 'data')])
})
// Every command finds her connected, those after close-all too.
beforeEach(async () => {
  const ada = await gateway.connect(adasToken)
  await ada.ask({ type: 'subscribe', channel: 'chat:1', presence: 'members' })
  onTestFinished(() => ada.drop())
})
afterAll(async () => {
  await gateway.stop()
  rmSync(folder, { recursive: true })
})

it('shows a command for everything, and a configuration file that a gateway starts with', () => {
  expect(marked.length).toBeGreaterThanOrEqual(9)
  expect(configuration).toContain('channels:')
  expect(gateway.url).toMatch(/^http:/)
})

// In the order of the document: what is published first is in the history that is fetched later.
it.skipIf(!has('curl')).each(marked.map(([, command = '', answer]) => [command.split('\n')[0] ?? '', command, answer]))(
  'runs %s',
  async (_, command, answer) => {
    const script = `staywire() { "${process.execPath}" "${BIN}" "$@"; }\n${command?.replaceAll('http://127.0.0.1:8080', gateway.url)}`
    const env = { ...process.env, STAYWIRE_JWT_SECRET: SECRET, STAYWIRE_ADMIN_KEY: ADMIN_KEY }
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env })
    expect(stderr).toBe('')
    if (answer === undefined) expect(stdout).toMatch(/^[\w.-]+\n$/)
    else expect(shape(JSON.parse(stdout))).toEqual(shape(JSON.parse(answer)))
  },
)

/** Names and types; values differ from run to run. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(shape)
  if (typeof value !== 'object' || value === null) return typeof value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, shape(inner)]))
}

function has(program: string): boolean {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
