import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { afterAll, expect, it } from 'vitest'
import { secretKey } from '../identity/token.ts'
import { routesOf } from '../serve/routes.ts'
import { routesTable, settingsTable } from './tables.ts'

const DOCUMENT = fileURLToPath(new URL('../../../../docs/gateway.md', import.meta.url))
const server = createServer()
const operations = createOperations()
afterAll(async () => {
  operations.stop()
  await server.close()
})

/** The table of a name in the document. With UPDATE_DOCS=1 the document is written instead. */
function tableIn(name: string, expected: string): string {
  const document = readFileSync(DOCUMENT, 'utf8')
  const [start, end] = [`<!-- table: ${name} -->\n\n`, `\n\n<!-- end of table -->`]
  const from = document.indexOf(start) + start.length
  const to = document.indexOf(end, from)
  expect(from).toBeGreaterThan(start.length)
  expect(to).toBeGreaterThan(from)
  if (process.env['UPDATE_DOCS'] !== '1') return document.slice(from, to)
  writeFileSync(DOCUMENT, document.slice(0, from) + expected + document.slice(to))
  return expected
}

it('docs/gateway.md lists every setting as it is (UPDATE_DOCS=1 writes it)', () => {
  const table = settingsTable()
  expect(tableIn('settings', table)).toBe(table)
})

it('docs/gateway.md lists every route as it is (UPDATE_DOCS=1 writes it)', async () => {
  const signInKey = await secretKey('a secret of the test')
  const table = routesTable(routesOf({ server, operations, readiness: { state: 'ready' }, signInKey, now: () => 0 }))
  expect(tableIn('routes', table)).toBe(table)
})
