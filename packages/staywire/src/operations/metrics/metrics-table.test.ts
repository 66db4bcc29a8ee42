import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { OperationsCore } from '../operations.ts'
import { idleProcess } from '../../testing/idle-process.ts'

const DOCUMENT = fileURLToPath(new URL('../../../../../docs/operations/README.md', import.meta.url))
const [START, END] = ['<!-- table: metrics -->\n\n', '\n\n<!-- end of table -->']

/** One row for each metric: its name with its labels and what it says. */
function metricsTable(): string {
  const { registry } = new OperationsCore({ now: () => 0, ...idleProcess() }, {})
  const rows = [...registry].map((metric) => {
    const [series = ''] = metric.samples()[0] ?? []
    const labels = [...series.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
    const name = labels.length === 0 ? metric.name : `${metric.name}{${labels.join(',')}}`
    return [`\`${name}\``, metric.kind, metric.help]
  })
  const lines = [['metric', 'kind', 'what'], ['---', '---', '---'], ...rows]
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

it('docs/operations/README.md lists every metric as it is (UPDATE_DOCS=1 writes it)', () => {
  const document = readFileSync(DOCUMENT, 'utf8')
  const from = document.indexOf(START) + START.length
  const to = document.indexOf(END, from - 2)
  expect(from).toBeGreaterThan(START.length)
  const table = metricsTable()
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, document.slice(0, from) + table + document.slice(to))
  else expect(document.slice(from, to)).toBe(table)
})
