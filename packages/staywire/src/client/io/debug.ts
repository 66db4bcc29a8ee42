// The debug log: frames and states to the console, with the secrets taken out.

import { readStorage } from './storage.ts'

/** Logs one line. */
export type Log = (what: string, text?: string) => void

const SECRET = /"(token|secret)":"(?:[^"\\]|\\.)*"/g

/** The log of a client, or nothing when neither the option nor `localStorage['staywire:debug'] = '1'` asks for one. */
export function createLog(wanted: boolean | undefined, name: string): Log | undefined {
  if (!(wanted ?? readStorage('localStorage', 'staywire:debug') === '1')) return undefined
  return (what, text = '') => globalThis.console.debug(`[staywire ${name}] ${what}`, redact(text))
}

/** A frame's text without its tokens and session secrets. */
export function redact(text: string): string {
  return text.replace(SECRET, '"$1":"…"')
}
