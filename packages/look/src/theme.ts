// Light, dark, or as the system says; remembered for all tabs. The colours themselves are in the style sheets.

import { useLayoutEffect } from 'react'
import { useStored } from './stored.ts'

/** `auto` follows the system. */
type Theme = 'auto' | 'light' | 'dark'

const NEXT: Record<Theme, Theme> = { auto: 'dark', dark: 'light', light: 'auto' }

/** The theme that is set, and the function that goes on to the next. */
export function useTheme(): [theme: Theme, next: () => void] {
  const [stored, store] = useStored('staywire.theme')
  const theme = stored === 'light' || stored === 'dark' ? stored : 'auto'
  return [theme, () => store(NEXT[theme])]
}

/** Puts the theme on the document, where the style sheets look for it. */
export function useThemeOnDocument(): void {
  const [theme] = useTheme()
  useLayoutEffect(() => {
    document.documentElement.dataset['theme'] = theme
  }, [theme])
}
