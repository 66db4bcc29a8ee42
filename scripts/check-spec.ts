// Holds PROTOCOL.md and the tests together: fails on a clause that no test title cites, on a title that cites a clause
// which does not exist, on a clause written twice. `--list` shows each clause with its tests. It does not judge whether a
// test is a good one.

import { globSync, readFileSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** Tests, and tables of cases that several tests share. */
const TESTS = ['packages/*/src/**/*.test.{ts,tsx}', 'test/**/*.test.ts', 'test/conformance/harness/hostile-frames.ts']

/** A clause opens a line: `**CONN-3** The server MUST …`. */
const CLAUSE = /^\*\*([A-Z]+-\d+)\*\* /gm
/** A title opens with what it cites: `'CONN-3: …'` or `'CONN-3, CONN-4: …'`. A test that does not run proves nothing. */
const TITLE = /(\.(?:skip|todo)\(\s*)?(?<![\w)])(['"`])([A-Z]+-\d+(?:, [A-Z]+-\d+)*): ((?:\\.|(?!\2)[^\\])*)\2/g

const clauses = new Map<string, string[]>()
const problems: string[] = []

for (const [, id = ''] of readFileSync(`${root}/PROTOCOL.md`, 'utf8').matchAll(CLAUSE)) {
  if (clauses.has(id)) problems.push(`PROTOCOL.md has ${id} twice.`)
  clauses.set(id, [])
}
if (clauses.size === 0) problems.push('PROTOCOL.md has no clauses.')

for (const file of TESTS.flatMap((pattern) => globSync(`${root}/${pattern}`)).toSorted()) {
  for (const [, idle, , cited = '', title = ''] of readFileSync(file, 'utf8').matchAll(TITLE)) {
    if (idle !== undefined) continue
    for (const id of cited.split(', ')) {
      const tests = clauses.get(id)
      if (tests === undefined) problems.push(`${relative(root, file)} cites ${id}, which PROTOCOL.md does not have.`)
      else tests.push(`${relative(root, file)}: ${title}`)
    }
  }
}

const untested = [...clauses].filter(([, tests]) => tests.length === 0).map(([id]) => id)
if (process.argv.includes('--list')) {
  for (const [id, tests] of clauses) console.log([id, ...(tests.length > 0 ? tests : ['(no test)'])].join('\n    '))
}
if (untested.length > 0)
  problems.push(`${untested.length} of ${clauses.size} clauses have no test: ${untested.join(' ')}`)
for (const problem of problems) console.error(problem)
if (problems.length > 0) process.exit(1)
console.log(`${clauses.size} clauses, each cited by a test`)
