// What the program says at the command line, and how it ends.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { jwtVerify } from 'jose'
import { afterAll, expect, it } from 'vitest'
import { staywire, type Variables } from './harness/command.ts'
import { SECRET } from './harness/gateway.ts'

const folder = mkdtempSync(join(tmpdir(), 'staywire-gateway-'))
afterAll(() => rmSync(folder, { recursive: true }))

function file(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

async function printed(args: readonly string[], variables: Variables = {}): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await staywire(['serve', '--print-config', ...args], variables)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout) as Record<string, unknown>
}

it('prints its version, and help for every command', async () => {
  expect(await staywire(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' })
  for (const args of [['--help'], ['serve', '--help'], ['token', '--help']]) {
    const { code, stdout, stderr } = await staywire(args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^Usage: staywire/)
  }
  const { stdout } = await staywire(['serve', '--help'])
  for (const flag of ['--port', '--host', '--admin-key', '--jwt-secret', '--allow-origin', '--config', '--dev']) {
    expect(stdout).toContain(flag)
  }
})

it('runs by its name from the root of a checkout', async () => {
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const { stdout } = await promisify(execFile)('npm', ['exec', '--', 'staywire', '--version'], { cwd: root })
  expect(stdout).toBe('0.1.0\n')
})

const secret = ['--jwt-secret', SECRET]
it.each<[string, string[], RegExp]>([
  ['no command', [], /a command is missing/],
  ['an unknown command', ['sreve'], /unknown command 'sreve'/],
  ['an unknown flag', ['serve', ...secret, '--prot', '1'], /unknown option '--prot'/],
  ['a flag without its value', ['serve', ...secret, '--port'], /--port/],
  ['an argument too many', ['serve', ...secret, 'now'], /too many arguments/],
  ['a bad number', ['serve', ...secret, '--port', 'http'], /--port is http, allowed: 0–65535/],
  ['a number out of range', ['serve', ...secret, '--port', '65536'], /--port is 65536, allowed: 0–65535/],
  ['a bad origin', ['serve', ...secret, '--allow-origin', 'app.example'], /--allow-origin is app\.example/],
  [
    'a bad rule',
    ['serve', ...secret, '--channels', '{"a":{"histroy":false}}'],
    /--channels: a: Unrecognized key: "histroy"/,
  ],
  ['a rule never reached', ['serve', ...secret, '--channels', '{"a:*":{},"a:b":{}}'], /"a:b" is never reached/],
  ['no secret', ['serve'], /--jwt-secret or STAYWIRE_JWT_SECRET/],
  ['--dev for everybody', ['serve', '--dev', '--host', '0.0.0.0'], /loopback --host, not 0\.0\.0\.0/],
  ['a missing file', ['serve', ...secret, '--config', '/nowhere/gw.yaml'], /\/nowhere\/gw\.yaml does not exist/],
  ['a token for nobody', ['token', ...secret], /--user <ID>/],
  ['a token for a bad user', ['token', ...secret, '--user', 'anon:1'], /must not begin with "anon:"/],
  ['a token without a secret', ['token', '--user', 'ada'], /--jwt-secret or STAYWIRE_JWT_SECRET/],
  ['a token for a bad time', ['token', ...secret, '--user', 'ada', '--expires', 'soon'], /--expires is soon/],
  [
    'a token for a bad pattern',
    ['token', ...secret, '--user', 'ada', '--subscribe', 'chat*'],
    /--subscribe: .*"chat\*"/,
  ],
])('answers %s with one line on stderr and exit code 2', async (_, args, line) => {
  const { code, stdout, stderr } = await staywire(args)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).toMatch(/^staywire: [^\n]+\n$/)
  expect(stderr).toMatch(line)
  expect(stderr).not.toContain(SECRET)
})

it('answers a port in use with one line on stderr and exit code 1', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  const { port } = other.address() as AddressInfo
  const { code, stdout, stderr } = await staywire(['serve', ...secret, '--log-level', 'silent', '--port', String(port)])
  other.close()
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toBe(`staywire: port ${port} on 127.0.0.1 is in use: end the other program or choose another --port\n`)
})

it('answers an address of another machine with one line on stderr and exit code 1', async () => {
  const args = ['serve', ...secret, '--log-level', 'silent', '--host', '192.0.2.1', '--port', '0']
  const { code, stderr } = await staywire(args)
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: 'staywire: 192.0.2.1 is no address of this machine: choose another --host\n',
  })
})

it('lets a flag win over a variable, and a variable over the file', async () => {
  const config = file('precedence.yaml', 'port: 1001\ndrainMs: 1\nheartbeat:\n  intervalMs: 1001\n')
  const variables = { STAYWIRE_PORT: '1002', STAYWIRE_HEARTBEAT_INTERVAL_MS: '1002' }
  expect(await printed(['--config', config, '--port', '1003'], variables)).toMatchObject({
    port: 1003,
    drainMs: 1,
    heartbeat: { intervalMs: 1002, timeoutMs: 8_000 },
  })
  expect(await printed([], { ...variables, STAYWIRE_CONFIG: config })).toMatchObject({ port: 1002, drainMs: 1 })
})

it('reads a configuration file in JSON too, and names it when it is wrong', async () => {
  const good = file('good.json', '{"port": 1001, "channels": {"chat:*": {"subscribe": true}}}')
  expect(await printed(['--config', good])).toMatchObject({ port: 1001, channels: { 'chat:*': { subscribe: true } } })
  const bad = file('bad.json', '{"prot": 1001}')
  const { code, stderr } = await staywire(['serve', ...secret, '--config', bad])
  expect({ code, stderr }).toEqual({ code: 2, stderr: `staywire: ${bad} has the unknown key prot\n` })
})

it('prints the configuration in force without secrets, good to be used as a file', async () => {
  const variables = { STAYWIRE_JWT_SECRET: 'secret-of-a-variable' }
  const { stdout } = await staywire(['serve', '--print-config', '--admin-key', 'secret-of-a-flag', '--dev'], variables)
  expect(stdout).not.toContain('secret-of')
  const config = JSON.parse(stdout) as Record<string, unknown>
  expect(config).toMatchObject({ adminKey: '[redacted]', jwtSecret: '[redacted]', dev: true, host: '127.0.0.1' })
  expect(Object.keys(config['channels'] as object)).toEqual(['chat:*', 'host:*'])
  expect(await printed(['--config', file('again.json', stdout)])).toEqual(config)
})

it('adds the rules of the demo only where the configuration does not speak for their channels', async () => {
  expect(await printed(['--dev', '--channels', '{"**":{"subscribe":true}}'])).toMatchObject({
    channels: { '**': { subscribe: true } },
  })
  const { channels } = await printed(['--dev', '--channels', '{"chat:*":{"history":false},"a:*":{}}'])
  expect(Object.entries(channels as object)).toMatchObject([
    ['chat:*', { history: false }],
    ['a:*', {}],
    ['host:*', { subscribe: true }],
  ])
})

it('prints a token alone on its line, with what it was asked for', async () => {
  const args = ['--user', 'ada', '--jwt-secret', SECRET, '--expires', '30m', '--subscribe', 'chat:*']
  const { code, stdout, stderr } = await staywire(['token', ...args, '--subscribe', 'news', '--publish', 'chat:1'])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/)
  const { payload, protectedHeader } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET))
  expect(protectedHeader.alg).toBe('HS256')
  expect(payload).toEqual({
    sub: 'ada',
    iat: expect.any(Number) as number,
    jti: expect.any(String) as string,
    exp: (payload.iat ?? 0) + 1_800,
    subscribe: ['chat:*', 'news'],
    publish: ['chat:1'],
  })
})

it('prints a token for an hour when no time is given, with the secret of a variable or a file', async () => {
  for (const given of [
    { args: [], variables: { STAYWIRE_JWT_SECRET: SECRET } },
    { args: ['--config', file('secret.yaml', `jwtSecret: ${SECRET}\n`)], variables: {} },
  ]) {
    const { stdout } = await staywire(['token', '--user', 'ada', ...given.args], given.variables)
    const { payload } = await jwtVerify(stdout.trim(), new TextEncoder().encode(SECRET))
    expect(payload.exp).toBe((payload.iat ?? 0) + 3_600)
  }
})
