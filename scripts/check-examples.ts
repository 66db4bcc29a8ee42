// Compiles the TypeScript examples of the READMEs and of docs/ against the built packages, as strictly as the code itself, and
// holds the two languages together: an example stands in both READMEs, letter for letter, or in neither. It runs none of them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = join(root, 'node_modules', '.cache', 'staywire', 'examples')
const problems: string[] = []

interface Example {
  language: string
  code: string
}

/** The TypeScript blocks of a document, in order. */
function examples(document: string): Example[] {
  const text = readFileSync(join(root, document), 'utf8')
  return [...text.matchAll(/^```(tsx?)\n(.*?)^```$/gms)].map(([, language = '', code = '']) => ({ language, code }))
}

const english = examples('README.md')
if (english.length === 0) problems.push('README.md has no examples')
if (JSON.stringify(english) !== JSON.stringify(examples('README.zh-CN.md'))) {
  problems.push('README.md and README.zh-CN.md have different examples')
}

rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })
const documents = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.md'),
)
for (const document of ['README.md', ...documents.map((name) => `docs/${name}`)]) {
  const name = document
    .replace(/^docs\//, '')
    .replace(/\.md$/, '')
    .replaceAll(/[/\\]/g, '-')
    .toLowerCase()
  examples(document).forEach(({ language, code }, index) =>
    writeFileSync(join(folder, `${name}-${index + 1}.${language}`), code),
  )
}
const configuration = {
  extends: join(root, 'tsconfig.base.json'),
  compilerOptions: {
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    jsx: 'react-jsx',
  },
  include: ['*'],
}
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(configuration))
writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
const { status, stdout } = spawnSync('tsc', ['-p', folder], { cwd: root, encoding: 'utf8' })
if (status !== 0) problems.push(`the examples of README.md and docs/ do not compile:\n${stdout}`)

for (const problem of problems) console.error(problem)
process.exitCode = problems.length > 0 ? 1 : 0
