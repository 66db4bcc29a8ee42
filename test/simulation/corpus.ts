// Runs that once went wrong, made small and kept.

import { readdirSync, readFileSync } from 'node:fs'
import type { Plan } from './plan.ts'

/** One of them. */
export interface CorpusCase {
  readonly file: string
  readonly title: string
  readonly plan: Plan
}

const folder = new URL('corpus/', import.meta.url)

/** All of them. */
export const CORPUS: readonly CorpusCase[] = readdirSync(folder).map((file) => ({
  ...(JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as { title: string; plan: Plan }),
  file,
}))
