// From flags, variables and a file to one checked configuration, or one line that says what to mend.

import type { z } from 'zod'
import { Failure } from '../failure.ts'
import { isLoopbackHost } from '../http/loopback.ts'
import { layer, type ConfigFile, type Environment, type Flags, type Layered } from './layers.ts'
import { CONFIG, type Config } from './schema.ts'
import { settingAt } from './settings.ts'

/** The configuration in force. Throws a `Failure` that names every value that cannot be used, and who gave it. */
export function loadConfig(flags: Flags, environment: Environment, file?: ConfigFile): Config {
  const layered = layer(flags, environment, file)
  const result = CONFIG.safeParse(layered.input)
  if (!result.success) {
    const problems = result.error.issues.map((issue) => describe(issue, layered, file?.name ?? ''))
    throw new Failure([...new Set(problems)].join('; '))
  }
  checkTogether(result.data, layered)
  return result.data
}

/** Throws a `Failure` when what `serve` cannot do without is missing. */
export function requireSecret({ jwtSecret, jwtPublicKey, jwksUrl, anonymous, dev }: Config): void {
  if ((jwtSecret ?? jwtPublicKey ?? jwksUrl) !== undefined || anonymous || dev) return
  throw new Failure(
    'no secret to check tokens with: give --jwt-secret or STAYWIRE_JWT_SECRET (or --dev on your own machine)',
  )
}

/** What each value alone cannot know. */
function checkTogether({ dev, host, limits, alerts, node, peers }: Config, { sources }: Layered): void {
  if (dev && !isLoopbackHost(host)) {
    throw new Failure(`--dev opens doors that only this machine may use: it needs a loopback --host, not ${host}`)
  }
  if ((alerts.webhookUrl === undefined) !== (alerts.webhookSecret === undefined)) {
    throw new Failure('alerts.webhookUrl and alerts.webhookSecret belong together: give both or neither')
  }
  if (peers.length > 0 && node === undefined) {
    throw new Failure(`${sources.get('peers')} needs --node: the name that the peers know this one by`)
  }
  if (limits.frameBytes > limits.hardFrameBytes) {
    const source = sources.get('limits.frameBytes') ?? sources.get('limits.hardFrameBytes')
    throw new Failure(
      `${source}: limits.frameBytes (${limits.frameBytes}) is more than limits.hardFrameBytes (${limits.hardFrameBytes})`,
    )
  }
}

function describe(issue: z.core.$ZodIssue, { input, sources }: Layered, fileName: string): string {
  const setting = settingAt(issue.path)
  if (setting === undefined) return describeElsewhere(issue, fileName)
  const source = sources.get(setting.key) ?? setting.key
  const below = issue.path.slice(setting.key.split('.').length).map(String)
  if (setting.kind === 'json') return `${[source, ...below].join(': ')}: ${reason(issue)}`
  const value = issue.path.reduce<unknown>((inside, name) => (inside as Record<PropertyKey, unknown>)?.[name], input)
  const shown = setting.secret === true ? 'cannot be used' : `is ${show(value)}`
  return `${source} ${shown}, allowed: ${setting.allowed}`
}

/** Issues outside every setting: unknown keys, or no mapping where there should be one. */
function describeElsewhere(issue: z.core.$ZodIssue, fileName: string): string {
  if (issue.code !== 'unrecognized_keys') return `${issue.path.join('.')} in ${fileName}: ${issue.message}`
  const names = issue.keys.map((name) => [...issue.path, name].join('.'))
  return `${fileName} has ${names.length > 1 ? 'unknown keys' : 'the unknown key'} ${names.join(', ')}`
}

function reason(issue: z.core.$ZodIssue): string {
  const inner = issue.code === 'invalid_key' ? issue.issues[0] : undefined
  return inner?.message ?? issue.message
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'missing')
  return text === '' ? 'empty' : text.length > 100 ? `${text.slice(0, 100)}…` : text
}
