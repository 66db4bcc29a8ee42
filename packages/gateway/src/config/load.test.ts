import { expect, it } from 'vitest'
import { Failure } from '../failure.ts'
import type { ConfigFile, Environment, Flags } from './layers.ts'
import { loadConfig, requireSecret } from './load.ts'
import { printConfig } from './print-config.ts'

const yaml = (text: string): ConfigFile => ({ name: 'gw.yaml', text })

function problem(flags: Flags, environment: Environment = {}, file?: ConfigFile): string {
  try {
    loadConfig(flags, environment, file)
  } catch (error) {
    expect(error).toBeInstanceOf(Failure)
    return (error as Failure).message
  }
  throw new Error('It was accepted.')
}

it('fills in every default', () => {
  expect(loadConfig({}, {})).toMatchObject({
    host: '127.0.0.1',
    port: 8080,
    path: '/realtime',
    drainMs: 2_000,
    allowOrigins: [],
    anonymous: false,
    dev: false,
    channels: {},
    heartbeat: { enabled: true, intervalMs: 25_000, timeoutMs: 8_000, maxMissed: 1 },
    limits: { connections: 10_000, frameBytes: 65_536, hardFrameBytes: 1_048_576, outboxBytes: 1_048_576 },
  })
})

it('lets a flag win over a variable, and a variable over the file', () => {
  const file = yaml('port: 1\nheartbeat: { intervalMs: 1001, timeoutMs: 1001, maxMissed: 5 }')
  const variables = { STAYWIRE_PORT: '2', STAYWIRE_HEARTBEAT_INTERVAL_MS: '1002' }
  expect(loadConfig({ port: '3' }, variables, file)).toMatchObject({
    port: 3,
    heartbeat: { intervalMs: 1_002, timeoutMs: 1_001, maxMissed: 5 },
  })
  expect(loadConfig({}, variables, file).port).toBe(2)
  expect(loadConfig({}, {}, file).port).toBe(1)
})

it('takes an empty variable as one that is not set', () => {
  expect(loadConfig({}, { STAYWIRE_ADMIN_KEY: '', STAYWIRE_PORT: '' })).toMatchObject({ port: 8080 })
})

it('reads lists, booleans and channel rules from every source', () => {
  const origins = ['https://a.example', 'https://b.example']
  expect(loadConfig({ 'allow-origin': origins }, {}).allowOrigins).toEqual(origins)
  expect(loadConfig({}, { STAYWIRE_ALLOW_ORIGINS: origins.join(', ') }).allowOrigins).toEqual(origins)
  expect(loadConfig({}, { STAYWIRE_ANONYMOUS: 'yes', STAYWIRE_HEARTBEAT_ENABLED: 'off' })).toMatchObject({
    anonymous: true,
    heartbeat: { enabled: false },
  })
  const rules = { 'chat:*': { subscribe: true, history: { size: 5 } }, 'typing:**': { history: false } }
  expect(loadConfig({ channels: JSON.stringify(rules) }, {}).channels).toEqual(rules)
  expect(loadConfig({}, {}, yaml(JSON.stringify({ channels: rules }))).channels).toEqual(rules)
})

it('names flag, value and allowed values of what cannot be used, all in one line', () => {
  expect(problem({ port: '70000', 'log-level': 'loud' })).toBe(
    '--port is 70000, allowed: 0–65535; --log-level is loud, allowed: debug, info, warn, error, silent',
  )
})

it.each([
  [{ STAYWIRE_PORT: '80a' }, 'STAYWIRE_PORT is 80a, allowed: 0–65535'],
  [{ STAYWIRE_DEV: 'maybe' }, 'STAYWIRE_DEV is maybe, allowed: true or false'],
  [{ STAYWIRE_PATH: '/api/live' }, /^STAYWIRE_PATH is \/api\/live, allowed: a path like \/realtime/],
  [{ STAYWIRE_ALLOW_ORIGINS: 'https://a.example/path' }, /^STAYWIRE_ALLOW_ORIGINS is https:\/\/a\.example\/path, /],
  [
    { STAYWIRE_TRUSTED_PROXIES: '10.0.0.0/33' },
    /^STAYWIRE_TRUSTED_PROXIES is 10\.0\.0\.0\/33, allowed: addresses, and/,
  ],
  [{ STAYWIRE_LIMITS_CONNECTIONS_PER_USER_POLICY: 'evict' }, /allowed: reject-new, evict-oldest, evict-idle$/],
  [
    { STAYWIRE_NODE: 'a', STAYWIRE_PEERS: 'a=http://10.0.0.1,b' },
    /^STAYWIRE_PEERS is b, allowed: names of nodes and URLs/,
  ],
  [{ STAYWIRE_NODE: 'a', STAYWIRE_PEERS: 'b=http://me:secret@10.0.0.2' }, /^STAYWIRE_PEERS is b=/],
  [
    { STAYWIRE_PEERS: 'b=http://10.0.0.2:8080' },
    'STAYWIRE_PEERS needs --node: the name that the peers know this one by',
  ],
  [{ STAYWIRE_LIMITS_MEMORY_PERCENT: '0' }, 'STAYWIRE_LIMITS_MEMORY_PERCENT is 0, allowed: 1–100'],
  [{ STAYWIRE_CHANNELS: '{' }, /^STAYWIRE_CHANNELS: Invalid input: expected record/],
])('names the variable of what cannot be used: %o', (environment, message) => {
  expect(problem({}, environment)).toMatch(message)
})

it.each([
  ['port: [1]', 'port in gw.yaml is [1], allowed: 0–65535'],
  ['prot: 1', 'gw.yaml has the unknown key prot'],
  ['heartbeat: { interval: 1 }', 'gw.yaml has the unknown key heartbeat.interval'],
  ['heartbeat: 5', /^heartbeat in gw\.yaml: /],
  ['- 1', 'gw.yaml must contain keys and values, like `port: 8080`'],
  ['a: b: c', /^gw\.yaml is neither YAML nor JSON: /],
  ['channels: { "a**": {} }', /^channels in gw\.yaml: a\*\*: The channel pattern "a\*\*" has a segment/],
  ['channels: { a: { presense: true } }', /^channels in gw\.yaml: a: Unrecognized key: "presense"/],
  ['channels: { a: { batch: { maxCount: 5 } } }', /^channels in gw\.yaml: a: batch: maxDelayMs: /],
  ['channels: { a: { history: true } }', 'channels in gw.yaml: a: history: false, or { size, ttlMs }'],
  ['limits: { frameBytes: 2000000 }', /limits\.frameBytes \(2000000\) is more than limits\.hardFrameBytes/],
])('names the file and the key of what cannot be used: %s', (text, message) => {
  const found = problem({}, {}, yaml(text))
  expect(found).toMatch(message)
  expect(found).not.toContain('\n')
})

it('never repeats a secret', () => {
  const secret = 'x'.repeat(5_000)
  expect(problem({ 'jwt-secret': secret, 'admin-key': '' })).toBe(
    '--admin-key cannot be used, allowed: 1–1,024 characters; 16 or more, random, in production; ' +
      '--jwt-secret cannot be used, allowed: 1–4,096 characters; 32 bytes or more, random, in production',
  )
  const printed = printConfig(loadConfig({ 'jwt-secret': 'top-secret', 'admin-key': 'admin-key-1' }, {}))
  expect(JSON.parse(printed)).toMatchObject({ jwtSecret: '[redacted]', adminKey: '[redacted]', port: 8080 })
})

it('refuses --dev on a host that others can reach', () => {
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'example.com', '127.0.0.1.evil.example']) {
    expect(problem({ dev: true, host })).toContain(host)
  }
  for (const host of ['127.0.0.1', 'localhost', '::1']) expect(loadConfig({ dev: true, host }, {}).dev).toBe(true)
})

it('cannot serve without a secret, but for --dev and --anonymous', () => {
  expect(() => requireSecret(loadConfig({}, {}))).toThrow(/--jwt-secret/)
  for (const flags of [{ 'jwt-secret': 's' }, { dev: true }, { anonymous: true }]) {
    expect(() => requireSecret(loadConfig(flags, {}))).not.toThrow()
  }
})
