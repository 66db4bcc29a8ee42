// What findings say, in words: by kind, and by variant where a kind has several causes. Values stand in braces.

import type { Finding } from '../finding.ts'
import { EN } from './en.ts'
import { ZH } from './zh.ts'

/** What there is to say about a finding. */
export interface FindingWords {
  /** What it is. */
  readonly title: string
  /** What most likely causes it. */
  readonly cause: string
  /** What to do about it. */
  readonly cure: string
}

/** The languages there are words in. */
export const LANGUAGES = ['en', 'zh'] as const

/** A language. */
export type Language = (typeof LANGUAGES)[number]

const WORDS: Readonly<Record<Language, Readonly<Record<string, FindingWords>>>> = { en: EN, zh: ZH }

/** The words of a finding, with its values in them. */
export function wordsOf({ kind, variant, values }: Finding, language: Language): FindingWords {
  const words = WORDS[language]
  const { title, cause, cure } = words[`${kind}.${variant}`] ?? words[kind] ?? { title: kind, cause: '', cure: '' }
  const filled = (text: string): string =>
    text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''))
  return { title: filled(title), cause: filled(cause), cure: filled(cure) }
}
