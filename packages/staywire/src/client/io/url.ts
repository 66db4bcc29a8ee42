// From what the app wrote to the URL of a WebSocket. Refuses what a browser would refuse later and with less to go by.

import { StaywireError } from '../../protocol/error-code.ts'

/** The address of the page or worker; `undefined` in Node. */
export function pageUrl(): string | undefined {
  return (globalThis as { location?: { href: string } }).location?.href
}

/** The WebSocket URL for `url`, which may be relative to `page`, http(s) or ws(s). Throws `bad-url`. */
export function resolveUrl(url: string, page: string | undefined): string {
  const bad = (fix: string): StaywireError => new StaywireError('bad-url', `${url} cannot be dialled from here.`, { fix })
  let resolved: URL
  try {
    resolved = new URL(url, page)
  } catch {
    throw bad('Write an absolute URL.')
  }
  resolved.protocol = resolved.protocol.replace('http', 'ws')
  resolved.hash = ''
  if (!/^wss?:/.test(resolved.href)) throw bad('Use http, https, ws or wss.')
  if (page?.startsWith('https:') && resolved.protocol === 'ws:') throw bad('Use wss: the page is encrypted.')
  return resolved.href
}
