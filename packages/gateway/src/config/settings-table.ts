// The settings as the table in docs/gateway.md. A test holds the document against it.

import { grouped, SETTINGS, type Setting } from './settings.ts'

/** Markdown: one row for each setting. */
export function settingsTable(): string {
  const rows = SETTINGS.map(({ flag, value, variable, key, preset, kind, allowed, about }) => [
    `\`--${flag}${kind === 'boolean' ? '' : ` ${value ?? 'N'}`}\``,
    `\`${variable}\``,
    `\`${key}\``,
    presetText(preset),
    allowed,
    about,
  ])
  const lines = [
    ['flag', 'variable', 'key in the file', 'default', 'allowed', 'what'],
    ['---', '---', '---', '---', '---', '---'],
    ...rows,
  ]
  return lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')
}

/** A default as people write it; a dash where there is none. */
export function presetText(preset: Setting['preset']): string {
  if (preset === undefined) return '–'
  if (typeof preset === 'number') return grouped(preset)
  return `\`${typeof preset === 'string' ? preset : JSON.stringify(preset)}\``
}
