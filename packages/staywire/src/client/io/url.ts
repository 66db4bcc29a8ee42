// From what the app wrote to the URL of a WebSocket. Refuses what a browser would refuse later and with less to go by.

import { StaywireError } from '../../protocol/error-code.ts'

/** The address of the page or worker; `undefined` in Node. */
export function pageUrl(): string | undefined {
  return (globalThis as { location?: { href: string } }).location?.href
}

/** The WebSocket URL for `url`, which may be relative to `page`, http(s) or ws(s). Throws `bad-url`. */
export function resolveUrl(url: string, page: string | undefined): string {
  const bad = (problem: string, fix: string): StaywireError =>
    new StaywireError('bad-url', `${url} ${problem}.`, { fix })
  let resolved: URL
  try {
    resolved = new URL(url, page)
  } catch {
    throw bad('is not an absolute URL', 'Write it like wss://example.com/realtime.')
  }
  resolved.protocol = resolved.protocol.replace('http', 'ws')
  resolved.hash = ''
  if (!/^wss?:/.test(resolved.href)) throw bad('is not a URL for WebSockets', 'Use http, https, ws or wss.')
  if (page?.startsWith('https:') && resolved.protocol === 'ws:')
    throw bad('is not encrypted but the page is', 'Use wss or a relative URL.')
  return resolved.href
}
