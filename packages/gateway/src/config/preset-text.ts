// How a default is written where people read it.

import { grouped, type Setting } from './settings.ts'

/** The default as people write it; a dash where there is none. */
export function presetText(preset: Setting['preset']): string {
  if (preset === undefined) return '–'
  if (typeof preset === 'number') return grouped(preset)
  return typeof preset === 'string' ? preset : JSON.stringify(preset)
}
