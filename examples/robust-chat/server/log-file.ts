// A log file that never grows without end: full, it becomes `NAME.1` in place of the last one, and begins anew.

import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

/** A function that writes one line of JSON for each thing that happened. */
export function openLog(
  folder: string,
  name: string,
  maxBytes: number,
): (what: Readonly<Record<string, unknown>>) => void {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, name)
  let bytes = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  return (what) => {
    const line = `${JSON.stringify({ at: new Date().toISOString(), ...what })}\n`
    if (bytes + line.length > maxBytes && bytes > 0) {
      renameSync(path, `${path}.1`)
      bytes = 0
    }
    appendFileSync(path, line)
    bytes += Buffer.byteLength(line)
  }
}
