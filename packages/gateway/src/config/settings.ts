// The settings one by one, read off the schema: key, flag, variable, default, allowed values, sentence. Decides nothing.

import { z } from 'zod'
import { CONFIG } from './schema.ts'
import { factsOf, type SettingFacts } from './setting.ts'

/** What a setting's value is made of, and so how it is read from text. */
export type SettingKind = 'integer' | 'boolean' | 'string' | 'list' | 'json'

/** One setting. */
export interface Setting extends SettingFacts {
  /** Key in the configuration file: `heartbeat.intervalMs`. */
  readonly key: string
  /** Flag without its dashes: `heartbeat-interval-ms`. */
  readonly flag: string
  /** Environment variable: `STAYWIRE_HEARTBEAT_INTERVAL_MS`. */
  readonly variable: string
  readonly kind: SettingKind
  /** Undefined where there is none. */
  readonly preset: unknown
  /** The allowed values in words. */
  readonly allowed: string
}

/** Every setting, in the order of the schema. */
export const SETTINGS: readonly Setting[] = settingsOf(CONFIG, '')

/** The setting that a path in the configuration lies in. */
export function settingAt(path: readonly PropertyKey[]): Setting | undefined {
  const text = path.map(String).join('.')
  return SETTINGS.find(({ key }) => text === key || text.startsWith(`${key}.`))
}

function settingsOf(object: z.ZodObject, prefix: string): Setting[] {
  return Object.entries(object.shape).flatMap(([name, schema]) => {
    const leaf = schema as z.ZodType
    const key = `${prefix}${name}`
    const facts = factsOf(leaf)
    if (facts !== undefined) return [describe(key, leaf, facts)]
    if (leaf instanceof z.ZodPrefault && leaf.unwrap() instanceof z.ZodObject) {
      return settingsOf(leaf.unwrap() as z.ZodObject, `${key}.`)
    }
    throw new TypeError(`The setting ${key} has no facts.`)
  })
}

function describe(key: string, schema: z.ZodType, facts: SettingFacts): Setting {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const kebab = key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`).replaceAll('.', '-')
  return {
    ...facts,
    key,
    flag: facts.flag ?? kebab,
    variable: `STAYWIRE_${kebab.replaceAll('-', '_').toUpperCase()}`,
    kind: kindOf(json),
    preset: json.default,
    allowed: facts.allowed ?? allowedBy(json),
  }
}

function kindOf({ type }: z.core.JSONSchema.BaseSchema): SettingKind {
  if (type === 'integer' || type === 'boolean' || type === 'string') return type
  return type === 'array' ? 'list' : 'json'
}

function allowedBy({ type, minimum, maximum, enum: words }: z.core.JSONSchema.BaseSchema): string {
  if (type === 'boolean') return 'true or false'
  if (type === 'integer') return `${grouped(minimum)}–${grouped(maximum)}`
  return words?.join(', ') ?? ''
}

/** `10,000` for 10000, whatever the locale of the machine; shorter numbers, such as ports, stay as they are. */
export function grouped(value = 0): string {
  return value < 10_000 ? String(value) : value.toLocaleString('en-US')
}
