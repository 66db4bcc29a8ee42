// Which language a page speaks: the one chosen, else the one the browser asks for.

import { createContext, useContext, useLayoutEffect, type ReactNode } from 'react'
import { useStored } from './stored.ts'

/** The languages that the pages speak. */
type Language = 'en' | 'zh'

interface InUse {
  readonly language: Language
  /** For `Intl`. */
  readonly locale: string
  readonly setLanguage: (language: Language) => void
}

const LanguageContext = createContext<InUse>({ language: 'en', locale: 'en', setLanguage: () => {} })

/** The language in use, and the switch. */
export const useLanguage = (): InUse => useContext(LanguageContext)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, setLanguage] = useStored('staywire.language')
  const language: Language = (chosen ?? navigator.language).startsWith('zh') ? 'zh' : 'en'
  const locale = language === 'zh' ? 'zh-CN' : 'en-GB'
  useLayoutEffect(() => {
    document.documentElement.lang = locale
  }, [locale])
  return <LanguageContext value={{ language, locale, setLanguage }}>{children}</LanguageContext>
}
