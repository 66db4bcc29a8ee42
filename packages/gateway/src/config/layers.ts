// Where settings come from: the file, the environment, the flags. Lays one over the other and remembers who said what;
// whether it makes sense is not its question.

import { parse } from 'yaml'
import { Failure } from '../failure.ts'
import { readText } from './read-text.ts'
import { SETTINGS } from './settings.ts'

/** The variable that names the configuration file, like `--config`. */
export const CONFIG_VARIABLE = 'STAYWIRE_CONFIG'

/** Flags as given, by name: text, several texts, or `true` for one without a value. */
export type Flags = Readonly<Record<string, string | readonly string[] | boolean | undefined>>

/** The environment. An empty variable counts as not set: that is how compose files leave one out. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A configuration file that was read. */
export interface ConfigFile {
  readonly name: string
  readonly text: string
}

/** Settings laid over each other, unchecked. */
export interface Layered {
  readonly input: Readonly<Record<string, unknown>>
  /** By key: who has the last word, in words for an error. */
  readonly sources: ReadonlyMap<string, string>
}

/** Flag over variable over file. Throws a `Failure` for a file that cannot be read as one. */
export function layer(flags: Flags, environment: Environment, file: ConfigFile | undefined): Layered {
  const input = file === undefined ? {} : parseFile(file)
  const sources = new Map<string, string>()
  for (const { key, flag, variable, kind } of SETTINGS) {
    if (file !== undefined && at(input, key) !== undefined) sources.set(key, `${key} in ${file.name}`)
    const text = environment[variable]
    if (text !== undefined && text !== '') {
      put(input, key, readText(kind, text))
      sources.set(key, variable)
    }
    const given = flags[flag]
    if (given !== undefined) {
      put(input, key, typeof given === 'string' ? readText(kind, given) : given)
      sources.set(key, `--${flag}`)
    }
  }
  return { input, sources }
}

/** `STAYWIRE_*` variables that mean nothing: most likely misspelt. */
export function unknownVariables(environment: Environment): readonly string[] {
  const known = new Set([CONFIG_VARIABLE, ...SETTINGS.map(({ variable }) => variable)])
  return Object.keys(environment).filter((name) => name.startsWith('STAYWIRE_') && !known.has(name))
}

/** JSON is YAML, so one parser reads both. */
function parseFile({ name, text }: ConfigFile): Record<string, unknown> {
  let content: unknown
  try {
    content = parse(text, { logLevel: 'error' })
  } catch (error) {
    throw new Failure(`${name} is neither YAML nor JSON: ${firstLine((error as Error).message)}`)
  }
  if (content === null || content === undefined) return {}
  if (isMapping(content)) return content
  throw new Failure(`${name} must contain keys and values, like \`port: 8080\``)
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/:$/, '') ?? ''
}

function at(input: unknown, key: string): unknown {
  return key.split('.').reduce<unknown>((inside, name) => (isMapping(inside) ? inside[name] : undefined), input)
}

function put(input: Record<string, unknown>, key: string, value: unknown): void {
  const names = key.split('.')
  const last = names.pop() ?? key
  let inside = input
  for (const name of names) {
    inside[name] ??= {}
    // Something else than a mapping came from the file: it stays, for the schema to refuse.
    if (!isMapping(inside[name])) return
    inside = inside[name]
  }
  inside[last] = value
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
