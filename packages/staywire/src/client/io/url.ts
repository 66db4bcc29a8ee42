// From what the app wrote to the URL of a WebSocket. Refuses what a browser would refuse later and with less to go by.

import { StaywireError } from '../../protocol/error-code.ts'

/** The address of the page or worker; `undefined` in Node. */
export function pageUrl(): string | undefined {
  return (globalThis as { location?: { href: string } }).location?.href
}

/** The WebSocket URL for `url`, which may be relative to `page`, http(s) or ws(s). Throws `bad-url`. */
export function resolveUrl(url: string, page: string | undefined): string {
  try {
    const resolved = new URL(url, page)
    resolved.protocol = resolved.protocol.replace('http', 'ws')
    resolved.hash = ''
    // Browsers refuse what is not encrypted from a page that is.
    if (resolved.protocol === 'wss:' || (resolved.protocol === 'ws:' && !page?.startsWith('https')))
      return resolved.href
  } catch {
    // Not a URL at all.
  }
  throw new StaywireError('bad-url', `${url} cannot be dialled from here.`, {
    fix: 'Use a wss: URL or a relative one.',
  })
}

/** The URL for requests below the path of a WebSocket URL: `poll` below `wss://x/realtime?y` is `https://x/realtime/poll?y`. */
export function requestUrl(url: string, below: string): string {
  const target = new URL(url.replace('ws', 'http'))
  target.pathname = `${target.pathname.replace(/\/$/, '')}/${below}`
  return target.href
}
