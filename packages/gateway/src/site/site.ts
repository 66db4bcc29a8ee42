// Serves the built files of a page: below a prefix, from one folder, each with its type, an ETag and the right caching.

import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import type { IncomingHttpHeaders } from 'node:http'
import { join } from 'node:path'
import type { Answer } from '../http/answer.ts'
import { contentType } from './content-type.ts'
import { isHashed, sitePath } from './site-path.ts'

const YEAR_SECONDS = 31_536_000

/** A file that was found, as it was when it was read. */
export interface SiteFile {
  readonly path: string
  readonly bytes: Buffer
  readonly etag: string
  readonly modifiedMs: number
}

/** The files of one page. */
export class Site {
  readonly #prefix: readonly string[]
  readonly #folder: string
  /** As many as the folder has files: only what was found gets in. */
  readonly #read = new Map<string, SiteFile>()
  /** By place: however many ask for a file at once, it is read once. */
  readonly #reading = new Map<string, Promise<Buffer>>()

  /** `prefix` is empty for the root, `['dashboard']` for what lies below `/dashboard`. */
  constructor(prefix: readonly string[], folder: string) {
    this.#prefix = prefix
    this.#folder = folder
  }

  /** The file that a path means, if there is one. */
  async find(segments: readonly string[]): Promise<SiteFile | undefined> {
    const path = sitePath(this.#prefix, segments)
    if (path === undefined) return undefined
    const place = join(this.#folder, path)
    const found = await stat(place).catch(() => undefined)
    if (found?.isFile() !== true) return undefined
    const known = this.#read.get(path)
    if (known?.modifiedMs === found.mtimeMs && known.bytes.length === found.size) return known
    const bytes = await this.#bytesOf(place)
    const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`
    const file = { path, bytes, etag, modifiedMs: found.mtimeMs }
    this.#read.set(path, file)
    return file
  }

  #bytesOf(place: string): Promise<Buffer> {
    const reading = this.#reading.get(place) ?? readFile(place).finally(() => this.#reading.delete(place))
    this.#reading.set(place, reading)
    return reading
  }

  /** The answer that carries a file, or 304 for somebody who has it (RFC 9110 §13.1.2). */
  answer({ path, bytes, etag }: SiteFile, headers: IncomingHttpHeaders): Answer {
    const caching = isHashed(path) ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache'
    const described = { ETag: etag, 'Cache-Control': caching, 'Content-Type': contentType(path) }
    const held = headers['if-none-match']?.split(',').map((tag) => tag.trim().replace(/^W\//, ''))
    if (held?.includes(etag) === true || held?.includes('*') === true) return { status: 304, headers: described }
    return { status: 200, headers: described, bytes }
  }
}
