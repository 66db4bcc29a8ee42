import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { idleProcess } from '../testing/idle-process.ts'
import { EN } from './findings/words/en.ts'
import { OperationsCore } from './operations.ts'

const FOLDER = new URL('../../../../docs/operations/', import.meta.url)
const DOCUMENT = fileURLToPath(new URL('README.md', FOLDER))
const { registry } = new OperationsCore({ now: () => 0, ...idleProcess() }, {})

function table(...rows: readonly (readonly string[])[]): string {
  const [head = [], ...body] = rows
  return [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** One row for each metric: its name with its labels and what it says. */
function metricsTable(): string {
  const rows = [...registry].map((metric) => {
    const [series = ''] = metric.samples()[0] ?? []
    const labels = [...series.matchAll(/(\w+)="/g)].map(([, label]) => label).filter((label) => label !== 'le')
    const name = labels.length === 0 ? metric.name : `${metric.name}{${labels.join(',')}}`
    return [`\`${name}\``, metric.kind, metric.help]
  })
  return table(['metric', 'kind', 'what'], ...rows)
}

/** One row for each cause of a finding; values stand for themselves. */
function findingsTable(): string {
  const rows = Object.entries(EN).map(([key, { title, cause, cure }]) => [`\`${key}\``, title, cause, cure])
  const filled = rows.map((row) => row.map((cell) => cell.replaceAll(/\{\w+\}/g, '…').replaceAll('|', '\\|')))
  return table(['finding', 'what', 'cause', 'cure'], ...filled)
}

it.each([
  ['metrics', metricsTable],
  ['findings', findingsTable],
])('docs/operations/README.md lists %s as they are (UPDATE_DOCS=1 writes it)', (name, make) => {
  const [start, end] = [`<!-- table: ${name} -->\n\n`, '\n\n<!-- end of table -->']
  const document = readFileSync(DOCUMENT, 'utf8')
  const from = document.indexOf(start) + start.length
  const to = document.indexOf(end, from - 2)
  expect(from).toBeGreaterThan(start.length)
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(DOCUMENT, document.slice(0, from) + make() + document.slice(to))
  else expect(document.slice(from, to)).toBe(make())
})

it.each(['grafana-dashboard.json', 'prometheus-alerts.yml'])(
  'docs/operations/%s asks for metrics that there are',
  (name) => {
    const text = readFileSync(fileURLToPath(new URL(name, FOLDER)), 'utf8')
    const asked = new Set(text.match(/\b(staywire|sse|process)_[a-z_]+(?=\{|\[|\)| )/g))
    expect(asked.size).toBeGreaterThan(10)
    expect([...asked].filter((metric) => registry.read(metric) === undefined)).toEqual([])
  },
)

it('docs/operations/grafana-dashboard.json is JSON, and no panel stands on another', () => {
  const text = readFileSync(fileURLToPath(new URL('grafana-dashboard.json', FOLDER)), 'utf8')
  const { panels } = JSON.parse(text) as { panels: { gridPos: { x: number; y: number } }[] }
  expect(new Set(panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(panels.length)
})

it('docs/operations/README.md has every event that an observer is told', () => {
  const source = fileURLToPath(new URL('../server/observer/observer.ts', import.meta.url))
  const types = [...readFileSync(source, 'utf8').matchAll(/readonly type: '([a-z-]+)'/g)].map(([, type = '']) => type)
  const document = readFileSync(DOCUMENT, 'utf8')
  const rows = document.split('\n').filter((line) => line.startsWith('| `'))
  expect(types.length).toBeGreaterThan(10)
  expect(types.filter((type) => !rows.some((row) => row.split('|')[1]?.includes(`\`${type}\``) === true))).toEqual([])
})
