// Which of the two dictionaries is in use: the one chosen, else the one the browser asks for.

import { createContext, useContext, useLayoutEffect, type ReactNode } from 'react'
import { useStored } from '../look/stored.ts'
import { en, type Words } from './en.ts'
import { zh } from './zh.ts'

/** The languages there is a dictionary for. */
export type Language = 'en' | 'zh'

interface InUse {
  readonly language: Language
  readonly words: Words
  /** For `Intl`. */
  readonly locale: string
  readonly setLanguage: (language: Language) => void
}

const WordsContext = createContext<InUse>({ language: 'en', words: en, locale: 'en', setLanguage: () => {} })

/** The dictionary in use, and the switch. */
export const useWords = (): InUse => useContext(WordsContext)

export function WordsProvider({ children }: { children: ReactNode }) {
  const [chosen, setLanguage] = useStored('staywire.language')
  const language: Language = (chosen ?? navigator.language).startsWith('zh') ? 'zh' : 'en'
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  useLayoutEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  return (
    <WordsContext value={{ language, words: language === 'zh' ? zh : en, locale, setLanguage }}>
      {children}
    </WordsContext>
  )
}
