// Turns the text of a flag or a variable into the value that its setting asks for. Text that does not look like one stays
// text: the schema then says what is wrong with it.

import type { SettingKind } from './settings.ts'

const TRUE = new Set(['true', '1', 'yes', 'on'])
const FALSE = new Set(['false', '0', 'no', 'off'])

/** The value that a text stands for. */
export function readText(kind: SettingKind, text: string): unknown {
  switch (kind) {
    case 'integer':
      return /^-?\d{1,15}$/.test(text.trim()) ? Number(text) : text
    case 'boolean':
      return readBoolean(text.trim().toLowerCase()) ?? text
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    case 'json':
      return readJson(text) ?? text
    case 'string':
      return text
  }
}

function readBoolean(word: string): boolean | undefined {
  if (TRUE.has(word)) return true
  return FALSE.has(word) ? false : undefined
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
