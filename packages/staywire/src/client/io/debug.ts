// The debug log: frames to the console, with the secrets taken out. Loaded only where it is wanted.

/** Logs one line. */
export type Log = (direction: string, text: string) => void

/** Logs to the console. */
export const log: Log = (direction, text) => globalThis.console.debug('[staywire]', direction, redact(text))

/** A frame's text without its tokens and session secrets. */
export function redact(text: string): string {
  return text.replace(/"(token|secret)":"(\\.|[^"\\])*"/g, '"$1":"…"')
}
