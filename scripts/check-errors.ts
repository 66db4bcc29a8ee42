// Holds packages/staywire/src/protocol/error-code.ts and docs/errors.md together: an entry for each code, a code for each
// entry, and the line under the heading saying what the table says. It does not judge the prose.
import { readFileSync } from 'node:fs'
import { ERRORS, type ErrorRow } from '../packages/staywire/src/protocol/error-code.ts'

const document = readFileSync(new URL('../docs/errors.md', import.meta.url), 'utf8')
const rows: Record<string, ErrorRow> = ERRORS
const problems: string[] = []
const described = new Set<string>()

/** An entry: its heading, then one line such as `*From the server or the client. Not temporary.*` */
for (const [, code = '', facts = ''] of document.matchAll(/^## `([^`]+)`\n\n(.*)$/gm)) {
  const row = rows[code]
  if (described.has(code)) problems.push(`docs/errors.md has \`${code}\` twice`)
  described.add(code)
  if (row === undefined) {
    problems.push(`docs/errors.md describes \`${code}\`, which error-code.ts does not have`)
    continue
  }
  const told = {
    server: /^\*From the .*server/.test(facts),
    client: /^\*From the .*client/.test(facts),
    temporary: facts.endsWith(' Temporary.*'),
  }
  const server = row.origin !== 'client'
  const client = row.origin !== 'server'
  if (told.server !== server || told.client !== client || told.temporary !== row.temporary) {
    problems.push(`docs/errors.md says of \`${code}\`: ${facts}, error-code.ts ${JSON.stringify(row)}`)
  }
}
for (const code of Object.keys(rows)) {
  if (!described.has(code)) problems.push(`docs/errors.md has no entry for \`${code}\``)
}
for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
