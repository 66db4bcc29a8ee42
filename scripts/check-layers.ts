// Checks what the compiler and the linter cannot say about packages/staywire/src: who may import whom, where the world
// may be touched, what a file may be called and how long it may be. It reads text only; it resolves nothing.
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Names that say nothing about what is inside. */
const vague = /^(utils?|helpers?|common|misc|types|manager|[a-z-]+-(utils?|helpers?|manager))\.tsx?$/
const maxLines = 400
/** Which share of the files stays within how many lines. */
const aims = [
  [0.5, 120],
  [0.9, 250],
] as const

/** For each folder of src: what its files may import beside their own folder. Third-party names stand as they are. */
const layers: Record<string, RegExp> = {
  protocol: /^$/,
  client: /^protocol\/.*$/,
  server: /^protocol\/.*$/,
  operations: /^(protocol\/.*|server\/(index|observer\/[^/]+|guard\/limited)\.ts)$/,
  adopt: /^(protocol|server)\/.*$/,
  react: /^(protocol\/.*|client\/index\.ts|react)$/,
  vue: /^(protocol\/.*|client\/index\.ts|vue)$/,
  testing: /^(protocol|client|server|operations)\/.*$/,
}

/** What folders called io/, and the index.ts that wires them, may import besides. */
const ioMayImport = /^(node:.*|ws)$/

/** A file that breaks a rule. */
export interface Violation {
  file: string
  line: number
  message: string
}

/** Every violation in the given files; names are relative to src/, such as `client/io/dial.ts`. */
export function violations(files: ReadonlyMap<string, string>): Violation[] {
  return [...files].flatMap(([file, text]) => [...nameAndSize(file, text), ...(isTest(file) ? [] : inside(file, text))])
}

function nameAndSize(file: string, text: string): Violation[] {
  const found: Violation[] = []
  const lines = lineCount(text)
  if (vague.test(basename(file))) found.push({ file, line: 1, message: 'this name says nothing about what is inside' })
  if (lines > maxLines) found.push({ file, line: lines, message: `${lines} lines, at most ${maxLines}` })
  if (!isTest(file) && !text.startsWith('//') && !text.startsWith('/*')) {
    found.push({ file, line: 1, message: 'a file opens with a sentence on what it is and what it refuses to do' })
  }
  return found
}

function inside(file: string, text: string): Violation[] {
  const found: Violation[] = []
  text.split('\n').forEach((content, index) => {
    const line = index + 1
    for (const target of imports(content)) {
      const message = forbidden(file, target)
      if (message !== undefined) found.push({ file, line, message })
    }
    if (!touchesWorld(file) && /^(?!\s*(\/\/|\*|\/\*)).*\bnew Date\(\)/.test(content)) {
      found.push({ file, line, message: 'time comes in as the argument `now`' })
    }
  })
  return found
}

function lineCount(text: string): number {
  return text.trimEnd().split('\n').length
}

/** The modules that a line imports: `from '…'`, `import '…'`, `import('…')`, in types too. */
function imports(line: string): string[] {
  if (/^\s*(\/\/|\*|\/\*)/.test(line)) return []
  const matches = line.matchAll(/\b(?:from|import)\s*\(?\s*(['"])([^'"]+)\1/g)
  return [...matches].map((match) => match[2] ?? '')
}

function forbidden(file: string, specifier: string): string | undefined {
  const target = specifier.startsWith('.') ? normalize(join(dirname(file), specifier)) : specifier
  const layer = file.split('/')[0] ?? ''
  const allowed = layers[layer]
  if (allowed === undefined) return `src/${layer} has no rule yet: add it to scripts/check-layers.ts`
  if (specifier.startsWith('.') && isIo(target) && !touchesWorld(file)) {
    return `only index.ts and io/ import io/, not even as a type: ${specifier}`
  }
  if (target.startsWith(`${layer}/`) || allowed.test(target)) return undefined
  if (touchesWorld(file) && ioMayImport.test(target)) return undefined
  return `${layer}/ may not import ${target}`
}

function isIo(file: string): boolean {
  return file.split('/').includes('io')
}

function touchesWorld(file: string): boolean {
  return isIo(file) || /^[a-z]+\/(core\/)?index\.ts$/.test(file)
}

function isTest(file: string): boolean {
  return /\.test\.tsx?$/.test(file)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const source = fileURLToPath(new URL('../packages/staywire/src/', import.meta.url))
  const names = globSync('**/*.{ts,tsx}', { cwd: source }).map((name) => name.replaceAll('\\', '/'))
  const found = violations(new Map(names.map((name) => [name, readFileSync(join(source, name), 'utf8')])))
  for (const { file, line, message } of found) console.error(`packages/staywire/src/${file}:${line}: ${message}`)
  process.exitCode = found.length > 0 ? 1 : 0
  const sizes = names.filter((name) => !isTest(name)).map((name) => lineCount(readFileSync(join(source, name), 'utf8')))
  for (const [share, limit] of aims) {
    const size = sizes.toSorted((a, b) => a - b)[Math.ceil(sizes.length * share) - 1] ?? 0
    if (size <= limit) continue
    console.error(`${share * 100} % of the files should have at most ${limit} lines, it is ${size}`)
    process.exitCode = 1
  }
}
