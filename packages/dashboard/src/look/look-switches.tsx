// The two switches that every page has: language and theme.

import { useWords } from '../words/words-provider.tsx'
import { useTheme } from './theme.ts'

const ICON = {
  auto: 'M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18',
  light:
    'M12 7.500a4.500 4.500 0 1 0 0 9 4.500 4.500 0 0 0 0-9M12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.400 1.400M17.600 17.600 19 19M5 19l1.400-1.400M17.600 6.400 19 5',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500',
}

export function LookSwitches() {
  const { words, language, setLanguage } = useWords()
  const [theme, nextTheme] = useTheme()
  const other = language === 'en' ? 'zh' : 'en'
  return (
    <span className="switches">
      <button className="quiet" lang={other} onClick={() => setLanguage(other)}>
        {language === 'en' ? '中文' : 'English'}
      </button>
      <button className="quiet icon" onClick={nextTheme} aria-label={words.theme[theme]} title={words.theme[theme]}>
        <svg viewBox="0 0 24 24" aria-hidden="true" className={`theme-${theme}`}>
          <path d={ICON[theme]} />
        </svg>
      </button>
    </span>
  )
}
