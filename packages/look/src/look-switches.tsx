// The two switches that every page has: language and theme.

import { useLanguage } from './language.tsx'
import { useTheme } from './theme.ts'

const THEMES = {
  en: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },
  zh: { auto: '主题：跟随系统', light: '主题：浅色', dark: '主题：深色' },
}

/** Outlines; with `auto` the right half is filled. */
const ICON = {
  auto: 'M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16',
  light:
    'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M5.300 18.700l1.400-1.400M17.300 6.700l1.400-1.400',
  dark: 'M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500',
}

export function LookSwitches() {
  const { language, setLanguage } = useLanguage()
  const [theme, nextTheme] = useTheme()
  const other = language === 'en' ? 'zh' : 'en'
  return (
    <span className="switches">
      <button className="quiet" lang={other} onClick={() => setLanguage(other)}>
        {language === 'en' ? '中文' : 'English'}
      </button>
      <button
        className="quiet icon"
        onClick={nextTheme}
        aria-label={THEMES[language][theme]}
        title={THEMES[language][theme]}
      >
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d={ICON[theme]} />
          {theme === 'auto' && <path className="filled" d="M12 4a8 8 0 0 1 0 16z" />}
        </svg>
      </button>
    </span>
  )
}
