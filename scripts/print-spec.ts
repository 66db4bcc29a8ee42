// Prints the tables of PROTOCOL.md (close codes, error codes, limits) from the code that enforces them, between the
// markers `<!-- begin:name -->` and `<!-- end:name -->`. `--check` writes nothing and fails when a table is stale.

import { readFileSync, writeFileSync } from 'node:fs'
import { CLOSE, closeClass } from '../packages/staywire/src/protocol/close-code.ts'
import { ERRORS, type ErrorRow } from '../packages/staywire/src/protocol/error-code.ts'
import { LIMITS } from '../packages/staywire/src/protocol/limits.ts'

const FILE = new URL('../PROTOCOL.md', import.meta.url)

const tables: Readonly<Record<string, string>> = {
  'close-codes': table(
    ['code', 'class', 'reason', 'meaning'],
    Object.values(CLOSE).map(({ code, reason, meaning }) => [String(code), `\`${closeClass(code)}\``, reason, meaning]),
  ),
  // Errors that only the client library reports never travel: docs/errors.md has them, the protocol does not.
  'error-codes': table(
    ['code', 'temporary', 'meaning'],
    Object.entries<ErrorRow>(ERRORS)
      .filter(([, { origin }]) => origin !== 'client')
      .map(([code, { temporary, meaning }]) => [`\`${code}\``, temporary ? 'yes' : 'no', meaning]),
  ),
  limits: table(
    ['limit', 'default', 'meaning'],
    Object.entries(LIMITS).map(([name, { value, meaning }]) => [`\`${name}\``, value.toLocaleString('en'), meaning]),
  ),
}

const written = readFileSync(FILE, 'utf8')
let printed = written
for (const [name, text] of Object.entries(tables)) {
  const between = new RegExp(`(<!-- begin:${name} -->\n)[^]*?(<!-- end:${name} -->)`)
  if (!between.test(printed)) fail(`PROTOCOL.md has no markers begin:${name} … end:${name}.`)
  printed = printed.replace(between, (_, begin: string, end: string) => `${begin}${text}${end}`)
}

if (!process.argv.includes('--check')) writeFileSync(FILE, printed)
else if (printed !== written) fail('The tables of PROTOCOL.md are stale: run `npm run spec`.')

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`
  return line(heads) + `|${'---|'.repeat(heads.length)}\n` + rows.map(line).join('')
}

function fail(why: string): never {
  console.error(why)
  process.exit(1)
}
