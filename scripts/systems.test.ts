// docs/systems.md says which test shows what: each of them is there, by that name.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const DOCS = new URL('../docs/', import.meta.url)
const document = readFileSync(new URL('systems.md', DOCS), 'utf8')
const named = [...document.matchAll(/\[([^\]]+)\]\(([^)]+\.test\.ts)\)/g)].map(([, title = '', file = '']) => ({
  title,
  file,
}))

it('docs/systems.md names tests that there are', () => {
  expect(named.length).toBeGreaterThan(30)
  const missing = named.filter(
    ({ title, file }) => !readFileSync(fileURLToPath(new URL(file, DOCS)), 'utf8').includes(title),
  )
  expect(missing).toEqual([])
})

it('docs/systems.md says of everything but what is not here yet which test shows it', () => {
  const rows = document.split('\n').filter((line) => line.startsWith('|') && line.split('|').length === 5)
  const tables = rows.filter(
    (line) => !/^\| (---|what it had|A |B |C |D |E |\|)/.test(line) && !line.startsWith('| | system'),
  )
  const bare = tables.filter((line) => !line.includes('.test.ts)') && !line.includes('not here yet'))
  expect(bare).toEqual([])
})
