// Figures of a suite that are worth seeing at the end of `npm test`, not somewhere in its middle.

import { appendFileSync } from 'node:fs'

/** Prints them now, and leaves them for the runner to print again below the counts. */
export function printFigures(text: string): void {
  process.stdout.write(`${text}\n`)
  const file = process.env['STAYWIRE_FIGURES']
  if (file !== undefined) appendFileSync(file, `${text}\n\n`)
}
