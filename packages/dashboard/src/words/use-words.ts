// The dictionary of the language in use.

import { useLanguage } from '@staywire/look'
import { en, type Words } from './en.ts'
import { zh } from './zh.ts'

/** The dictionary, the locale for `Intl`, and the language that the server is asked in. */
export function useWords(): { readonly words: Words; readonly locale: string; readonly language: 'en' | 'zh' } {
  const { language, locale } = useLanguage()
  return { words: language === 'zh' ? zh : en, locale, language }
}
