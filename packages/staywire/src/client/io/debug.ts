// The debug log: frames and states to the console, with the secrets taken out.

import { readStorage } from './storage.ts'

/** Logs one line. */
export type Log = (direction: string, text: string) => void

/** The log of a client, or nothing when neither the option nor `localStorage['staywire:debug'] = '1'` asks for one. */
export function createLog(wanted = readStorage('localStorage', 'staywire:debug') === '1'): Log | undefined {
  return wanted ? (direction, text) => globalThis.console.debug('[staywire]', direction, redact(text)) : undefined
}

/** A frame's text without its tokens and session secrets. */
export function redact(text: string): string {
  return text.replace(/"(token|secret)":"(\\.|[^"\\])*"/g, '"$1":"…"')
}
