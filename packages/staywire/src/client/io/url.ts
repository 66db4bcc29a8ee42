// From what the app wrote to the URL of a WebSocket. Refuses what a browser would refuse later and with less to go by.

import { StaywireError } from '../../protocol/error-code.ts'

const SCHEMES: Readonly<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' }

/** The address of the page or worker; `undefined` in Node. */
export function pageUrl(): string | undefined {
  return (globalThis as { location?: { href: string } }).location?.href
}

/** The WebSocket URL for `url`, which may be relative to `page`, http(s) or ws(s). Throws `bad-url`. */
export function resolveUrl(url: string, page: string | undefined): string {
  const resolved = parse(url, page)
  const scheme = SCHEMES[resolved.protocol]
  if (scheme === undefined) throw bad(url, `begins with ${resolved.protocol}`, 'Use http, https, ws or wss.')
  if (scheme === 'ws:' && page?.startsWith('https:') === true) {
    throw bad(url, 'is not encrypted, and the page is', 'Use `wss:` or a relative URL: browsers refuse `ws:` from https pages.')
  }
  resolved.protocol = scheme
  resolved.hash = ''
  return resolved.href
}

function parse(url: string, page: string | undefined): URL {
  try {
    return new URL(url, page)
  } catch {
    throw bad(url, page === undefined ? 'is not absolute, and there is no page to complete it' : 'is not a URL', 'Write it like `wss://example.com/realtime`.')
  }
}

function bad(url: string, problem: string, fix: string): StaywireError {
  return new StaywireError('bad-url', `The URL ${JSON.stringify(url)} ${problem}.`, { fix })
}
