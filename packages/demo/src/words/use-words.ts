// The dictionary of the language in use.

import { useLanguage } from '@staywire/look'
import { en, type Words } from './en.ts'
import { zh } from './zh.ts'

/** The dictionary, and the locale for `Intl`. */
export function useWords(): { readonly words: Words; readonly locale: string } {
  const { language, locale } = useLanguage()
  return { words: language === 'zh' ? zh : en, locale }
}
