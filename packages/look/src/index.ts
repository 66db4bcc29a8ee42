// What Staywire's own pages have in common. Bundled into each; not published.

export { Chart, type ChartBand, type ChartLine } from './chart/chart.tsx'
export { LanguageProvider, useLanguage } from './language.tsx'
export { LookSwitches } from './look-switches.tsx'
export { Mark } from './mark.tsx'
export { useStored } from './stored.ts'
export { toneOf, type Tone } from './tone.ts'
export { useTheme, useThemeOnDocument } from './theme.ts'
