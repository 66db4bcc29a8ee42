// How one publication is written in a store: as one line of JSON, `[at,s,m,from,key,meta,data]`, without its offset. `s` and `m` are the
// lengths of `from,key,` and of `meta` in UTF-16 units, so that the texts in it are found without parsing them.

import type { StoredPublication } from '../../../protocol/codec.ts'
import type { Append } from '../broker.ts'

const BREAK = /[\n\r]/
const BREAKS = /[\n\r]/g

/** The three parts of a line: only the last two say what the publication is, and the middle one who may not repeat it. */
export interface RecordLine {
  readonly head: string
  /** `from,key,`: equal for two appends to one channel only if user and key are the same. */
  readonly scope: string
  /** `meta,data]` and a line feed: equal only if meta and data are the same. */
  readonly payload: string
}

/** Writes a line of an entry that is `inOneLine`. `at`: Unix time in milliseconds, an integer. */
export function encodeLine({ from, key, meta, data }: Append, at: number): RecordLine {
  const scope = `${from === undefined ? 'null' : JSON.stringify(from)},${key === undefined ? 'null' : JSON.stringify(key)},`
  const metaText = meta ?? 'null'
  return { head: `[${at},${scope.length},${metaText.length},`, scope, payload: `${metaText},${data}]\n` }
}

/** Reads a line, with or without its line feed. Only for lines whose checksum was right. */
export function decodeLine(line: string, offset: number): StoredPublication {
  const first = line.indexOf(',')
  const second = line.indexOf(',', first + 1)
  const third = line.indexOf(',', second + 1)
  const scopeEnd = third + 1 + Number(line.slice(first + 1, second))
  const metaEnd = scopeEnd + Number(line.slice(second + 1, third))
  const [from, key] = readScope(line.slice(third + 1, scopeEnd - 1))
  const meta = line.slice(scopeEnd, metaEnd)
  return {
    offset,
    data: line.slice(metaEnd + 1, line.lastIndexOf(']')),
    at: Number(line.slice(1, first)),
    ...(from === null ? undefined : { from }),
    ...(key === null ? undefined : { key }),
    ...(meta === 'null' ? undefined : { meta }),
  }
}

/** User and key out of their two JSON texts and a comma. Without escapes, which are rare, a quote ends a string. */
function readScope(scope: string): [from: string | null, key: string | null] {
  if (scope.includes('\\')) return JSON.parse(`[${scope}]`) as [string | null, string | null]
  const hasFrom = scope.startsWith('"')
  const fromEnd = hasFrom ? scope.indexOf('"', 1) + 1 : 4
  const from = hasFrom ? scope.slice(1, fromEnd - 1) : null
  return [from, scope.endsWith('"') ? scope.slice(fromEnd + 2, -1) : null]
}

/** The entry with JSON texts that have no line breaks: outside strings they are spaces, inside they cannot be (RFC 8259 §2, §7). */
export function inOneLine(entry: Append): Append {
  if (!BREAK.test(entry.data) && (entry.meta === undefined || !BREAK.test(entry.meta))) return entry
  const data = entry.data.replaceAll(BREAKS, ' ')
  return { ...entry, data, ...(entry.meta === undefined ? undefined : { meta: entry.meta.replaceAll(BREAKS, ' ') }) }
}
