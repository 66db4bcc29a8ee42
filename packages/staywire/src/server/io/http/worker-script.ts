// Serves the script of the shared worker that holds a browser's connection: `GET <path>/worker.js`, beside the path that it is
// for. The URL must never change, for a browser takes another one for another worker: nothing of it may be hashed into the name.

import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { pathOf } from '../upgrade.ts'
import type { Exchange } from './exchange.ts'

interface Script {
  readonly text: Buffer
  readonly tag: string
}

let script: Promise<Script | undefined> | undefined

/** Answers `GET <path>/worker.js`; says whether the request was its own. PROTOCOL.md, HTTP-4. */
export function answerWorkerScript(exchange: Exchange, path: string): boolean {
  const { request } = exchange
  if (pathOf(request) !== `${path === '/' ? '' : path}/worker.js`) return false
  if (request.method === 'GET' || request.method === 'HEAD') void send(exchange)
  else exchange.answer(405, { Allow: 'GET, HEAD' })
  return true
}

async function send(exchange: Exchange): Promise<void> {
  script ??= load()
  const loaded = await script
  if (loaded === undefined) return exchange.answer(404, {})
  const { text, tag } = loaded
  // Looked at anew each time: after a deploy no tab must begin with yesterday's.
  const headers = { ETag: tag, 'Cache-Control': 'no-cache', 'X-Content-Type-Options': 'nosniff' }
  if (exchange.request.headers['if-none-match'] === tag) return exchange.answer(304, headers)
  const typed = { ...headers, 'Content-Type': 'text/javascript; charset=utf-8', 'Content-Length': text.length }
  exchange.answer(200, typed, exchange.request.method === 'HEAD' ? undefined : text)
}

/** The built script, which lies at the same place seen from the sources and from what is built of them. */
async function load(): Promise<Script | undefined> {
  try {
    const text = await readFile(new URL('../../../../dist/worker.js', import.meta.url))
    return { text, tag: `"${createHash('sha256').update(text).digest('base64url').slice(0, 22)}"` }
  } catch {
    // A server that was bundled into one file has left it behind: tabs then share without a worker.
    return undefined
  }
}
