// How a setting is declared: a zod schema for its value, and beside it what flags, variables and documents need to know.

import { z } from 'zod'

/** The groups in which help and documents list settings. */
export type SettingGroup =
  | 'Server'
  | 'Store'
  | 'Access'
  | 'Heartbeat'
  | 'Limits'
  | 'Alerts'
  | 'Compression'
  | 'Channels'
  | 'Development'

/** What is known about a setting beside its schema. Default and range come from the schema. */
export interface SettingFacts {
  /** One sentence: what it does, with its unit. */
  readonly about: string
  readonly group: SettingGroup
  /** The flag, where it is not the key in kebab-case: `allow-origin` for `allowOrigins`. */
  readonly flag?: string
  /** What stands for the value in help: `--host ADDRESS`. */
  readonly value?: string
  /** Never printed. */
  readonly secret?: true
  /** The allowed values in words, where the schema alone says too little. */
  readonly allowed?: string
}

const registry = z.registry<SettingFacts>()

/** Declares a setting. */
export function setting<Leaf extends z.ZodType>(schema: Leaf, facts: SettingFacts): Leaf {
  registry.add(schema, facts)
  return schema
}

/** The facts of a schema that was declared as a setting. */
export function factsOf(schema: z.ZodType): SettingFacts | undefined {
  return registry.get(schema)
}
