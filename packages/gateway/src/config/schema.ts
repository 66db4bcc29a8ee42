// The configuration of the gateway: every setting with its default, its range and its sentence, in one place. Flags,
// environment variables, the file, `--print-config` and the table in the documents are all made from this.

import { isIP, isIPv4 } from 'node:net'
import { z } from 'zod'
import { LIMITS, type LimitName } from 'staywire/protocol'
import { channelRules } from './channel-rules.ts'
import { identitySettings } from './identity-settings.ts'
import { setting, type SettingFacts } from './setting.ts'

const DAY_MS = 86_400_000

function limit(name: LimitName, least: number, most: number) {
  return milliOrByte(LIMITS[name].value, least, most, { about: LIMITS[name].meaning, group: 'Limits' })
}

function policy(name: LimitName) {
  return setting(z.enum(['reject-new', 'evict-oldest', 'evict-idle']).default('reject-new'), {
    about: `Who goes when \`${name}\` is met: the new connection, the one that is the oldest, or the one that was silent longest.`,
    group: 'Limits',
    value: 'POLICY',
  })
}

function milliOrByte(preset: number, least: number, most: number, facts: SettingFacts) {
  return setting(z.int().min(least).max(most).default(preset), facts)
}

const heartbeat = z.strictObject({
  enabled: setting(z.boolean().default(true), {
    about: 'Whether dead peers are looked for. Off, a half-open connection stays until the operating system gives up.',
    group: 'Heartbeat',
  }),
  intervalMs: milliOrByte(LIMITS.heartbeatIntervalMs.value, 100, 3_600_000, {
    about: LIMITS.heartbeatIntervalMs.meaning,
    group: 'Heartbeat',
  }),
  timeoutMs: milliOrByte(LIMITS.heartbeatTimeoutMs.value, 50, 600_000, {
    about: LIMITS.heartbeatTimeoutMs.meaning,
    group: 'Heartbeat',
  }),
  maxMissed: milliOrByte(1, 1, 100, {
    about: 'How many pings may stay unanswered before the connection is closed.',
    group: 'Heartbeat',
  }),
})

const compression = z.strictObject({
  enabled: setting(z.boolean().default(false), {
    about: 'Whether large WebSocket messages are compressed for clients that offer it (permessage-deflate).',
    group: 'Compression',
  }),
  thresholdBytes: milliOrByte(LIMITS.compressionThresholdBytes.value, 0, 1_048_576, {
    about: LIMITS.compressionThresholdBytes.meaning,
    group: 'Compression',
  }),
})

const limits = z.strictObject({
  connections: limit('connections', 1, 10_000_000),
  connectionsPolicy: policy('connections'),
  connectionsPerAddress: limit('connectionsPerAddress', 1, 10_000_000),
  connectionsPerAddressPolicy: policy('connectionsPerAddress'),
  connectionsFromLoopback: limit('connectionsFromLoopback', 1, 10_000_000),
  connectionsPerUser: limit('connectionsPerUser', 0, 1_000_000),
  connectionsPerUserPolicy: policy('connectionsPerUser'),
  connectionsPerBrowser: limit('connectionsPerBrowser', 0, 1_000_000),
  connectionsPerBrowserPolicy: policy('connectionsPerBrowser'),
  acceptPerSecond: limit('acceptPerSecond', 0, 1_000_000),
  memoryPercent: limit('memoryPercent', 1, 100),
  framesPerSecond: limit('framesPerSecond', 0, 10_000_000),
  bytesPerSecond: limit('bytesPerSecond', 0, 10_000_000_000),
  userFramesPerSecond: limit('userFramesPerSecond', 0, 10_000_000),
  userBytesPerSecond: limit('userBytesPerSecond', 0, 10_000_000_000),
  burstMs: limit('burstMs', 0, 600_000),
  frameBytes: limit('frameBytes', 1_024, 67_108_864),
  hardFrameBytes: limit('hardFrameBytes', 1_024, 134_217_728),
  outboxBytes: limit('outboxBytes', 16_384, 1_073_741_824),
  subscriptionsPerConnection: limit('subscriptionsPerConnection', 1, 100_000),
  connectTimeoutMs: limit('connectTimeoutMs', 100, 600_000),
  decisionTimeoutMs: limit('decisionTimeoutMs', 100, 600_000),
  sessionTtlMs: limit('sessionTtlMs', 0, DAY_MS),
  idleTimeoutMs: limit('idleTimeoutMs', 0, DAY_MS),
})

const alerts = z.strictObject({
  webhookUrl: setting(
    z
      .string()
      .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''))
      .optional(),
    {
      about: 'Where alerts are posted, signed. They are in the log in any case.',
      group: 'Alerts',
      value: 'URL',
      allowed: 'an http or https URL; with alerts.webhookSecret',
    },
  ),
  webhookSecret: setting(z.string().min(16).max(1_024).optional(), {
    about: 'Signs those posts (HMAC-SHA-256, as in Standard Webhooks).',
    group: 'Alerts',
    value: 'SECRET',
    secret: true,
    allowed: '16–1,024 characters, random',
  }),
  webhookPrivate: setting(z.boolean().default(false), {
    about: 'Lets that URL lie inside the network: loopback, private and link-local addresses.',
    group: 'Alerts',
  }),
})

/** The whole configuration. */
export const CONFIG = z.strictObject({
  host: setting(z.string().min(1).max(255).default('127.0.0.1'), {
    about: 'Address to listen on; 0.0.0.0 or :: for every interface.',
    group: 'Server',
    value: 'ADDRESS',
    allowed: 'an address or host name of this machine',
  }),
  port: setting(z.int().min(0).max(65_535).default(8080), {
    about: 'Port to listen on; 0 lets the operating system choose.',
    group: 'Server',
    value: 'PORT',
    allowed: '0–65535',
  }),
  path: setting(
    z
      .string()
      .regex(/^(\/[\w.~-]+)+$/)
      .refine(isFreePath)
      .default('/realtime'),
    {
      about: 'Path of the WebSocket; its health check lies below it.',
      group: 'Server',
      value: 'PATH',
      allowed: 'a path like /realtime, not below /api, /health, /metrics, /ws, /demo or /dashboard',
    },
  ),
  node: setting(
    z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .optional(),
    {
      about: 'Name of this node in logs and ids. Default: random.',
      group: 'Server',
      value: 'NAME',
      allowed: '1–64 letters, digits and -',
    },
  ),
  peers: setting(z.array(z.string().refine(isPeer)).max(1_000).default([]), {
    about:
      'Another gateway behind the same proxy: what comes here for its event streams and polls is handed to it. May be repeated; this one may be among them.',
    group: 'Server',
    flag: 'peer',
    value: 'NAME=URL',
    allowed: 'names of nodes and URLs like b=http://10.0.0.2:8080, with the path where it is not that of this one',
  }),
  drainMs: milliOrByte(2_000, 0, 3_600_000, {
    about: 'Over how long clients are sent away at shutdown, so that they do not all come back at once.',
    group: 'Server',
  }),
  drainRetryAfterMs: milliOrByte(0, 0, 3_600_000, {
    about:
      'When those clients are told to come back, e.g. after a restart; 0 leaves it to them, for where others take them at once.',
    group: 'Server',
  }),
  logLevel: setting(z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'), {
    about: 'Least severe log line that is written to stderr.',
    group: 'Server',
    value: 'LEVEL',
  }),
  logDir: setting(z.string().min(1).max(4_096).optional(), {
    about: 'Directory of log files beside stderr: websocket.log has every line, error.log those of level error.',
    group: 'Server',
    value: 'DIR',
    allowed: 'a directory; made if it is missing',
  }),
  logMaxBytes: setting(z.int().min(4_096).max(Number.MAX_SAFE_INTEGER).default(52_428_800), {
    about: 'How large a log file may grow before it is put aside as NAME.1, in place of the one before.',
    group: 'Server',
    allowed: '4096 or more',
  }),
  data: setting(z.string().min(1).max(4_096).optional(), {
    about: 'Directory where publications are kept. Without it they are kept in memory, and a restart forgets them.',
    group: 'Store',
    value: 'DIR',
    allowed: 'a directory of this program alone; made if it is missing',
  }),
  dataMaxBytes: setting(z.int().min(1_048_576).max(Number.MAX_SAFE_INTEGER).default(8_589_934_592), {
    about: 'How large the database in the data directory may grow, in bytes.',
    group: 'Store',
    allowed: '1,048,576 or more',
  }),
  dataWhenFull: setting(z.enum(['trim', 'refuse']).default('trim'), {
    about: 'What happens when it is that large: the oldest publications go, or no new ones are taken.',
    group: 'Store',
    value: 'POLICY',
  }),
  adminKey: setting(z.string().min(1).max(1_024).optional(), {
    about: 'Key of the admin API and of the operations page. Without it both are off.',
    group: 'Access',
    value: 'KEY',
    secret: true,
    allowed: '1–1,024 characters; 16 or more, random, in production',
  }),
  ...identitySettings,
  allowOrigins: setting(z.array(z.string().refine(isOrigin)).max(100).default([]), {
    about: "Origin that pages may connect from beside the gateway's own. May be repeated.",
    group: 'Access',
    flag: 'allow-origin',
    value: 'URL',
    allowed: 'origins like https://app.example, without a path',
  }),
  trustedProxies: setting(z.array(z.string().refine(isNetwork)).max(100).default([]), {
    about: 'Network or address of proxies that are believed when they tell for whom they speak. May be repeated.',
    group: 'Access',
    flag: 'trusted-proxy',
    value: 'CIDR',
    allowed: 'addresses, and networks like 10.0.0.0/8',
  }),
  forwardedHeader: setting(z.enum(['x-forwarded-for', 'forwarded']).default('x-forwarded-for'), {
    about: 'Header in which those proxies tell it; they must never pass on what a client wrote into it as theirs.',
    group: 'Access',
    value: 'HEADER',
  }),
  anonymous: setting(z.boolean().default(false), {
    about: 'Lets clients without a token in, as users whose ids begin with anon:.',
    group: 'Access',
  }),
  heartbeat: heartbeat.prefault({}),
  limits: limits.prefault({}),
  alerts: alerts.prefault({}),
  compression: compression.prefault({}),
  channels: setting(channelRules.default({}), {
    about: 'Rules by channel pattern, tried in the order written; the first that matches counts.',
    group: 'Channels',
    value: 'JSON',
    allowed: 'see Channel rules',
  }),
  dev: setting(z.boolean().default(false), {
    about:
      'For development, on a loopback host only: serves the demo with its sign-in, opens the admin API to this machine, makes up missing secrets.',
    group: 'Development',
  }),
})

/** A configuration with every default filled in. */
export type Config = z.infer<typeof CONFIG>

function isFreePath(path: string): boolean {
  return !/^\/(api|health|metrics|ws|demo|dashboard)(\/|$)/.test(path)
}

function isPeer(text: string): boolean {
  const [, url = ''] = /^[A-Za-z0-9-]{1,64}=(https?:\/\/[^?#@]+)$/.exec(text) ?? []
  return URL.canParse(url)
}

function isNetwork(text: string): boolean {
  const [address = '', bits = '0', ...more] = text.split('/')
  const most = isIPv4(address) ? 32 : 128
  return isIP(address) !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= most
}

function isOrigin(text: string): boolean {
  return (
    URL.canParse(text) &&
    /^https?:$/.test(new URL(text).protocol) &&
    [new URL(text).origin, `${new URL(text).origin}/`].includes(text)
  )
}
