// Reads what comes with a WebSocket upgrade: which subprotocol is spoken, which credentials are brought, which channels a
// bare client wants. It trusts nothing in it, and no request target can make it throw.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { SUBPROTOCOL } from '../../protocol/frame.ts'
import type { Approach } from '../connection/link.ts'

const VERSIONS = 'staywire.'
/** An entry that carries a token, base64url, for clients that can set no header. */
const TOKEN_ENTRY = 'staywire.token.'

/** The subprotocol to answer with: ours; else the first of another version, which is refused by a close; else none. */
export function chooseSubprotocol(offered: ReadonlySet<string>): string | false {
  if (offered.has(SUBPROTOCOL)) return SUBPROTOCOL
  for (const entry of offered) if (entry.startsWith(VERSIONS) && !entry.startsWith(TOKEN_ENTRY)) return entry
  return false
}

/** What is looked at of a request, whatever server it came over. */
export interface Asked extends Pick<IncomingMessage, 'headers'> {
  readonly url?: string | undefined
  readonly socket: { readonly remoteAddress?: string | undefined }
}

/** The path of a request target, without its query; compared as it is, never resolved. */
export function pathOf({ url: target = '/' }: Pick<Asked, 'url'>): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

/** Whether the escapes of a request target are UTF-8 (RFC 3986 §2.1): what cannot be read is not guessed at. */
export function isWellFormed({ url = '/' }: Pick<Asked, 'url'>): boolean {
  if (!url.includes('%')) return true
  try {
    decodeURIComponent(url)
    return true
  } catch {
    return false
  }
}

/** With what somebody came. `subprotocol` is the one that was agreed on; empty for none. `vouched`: cookies count. */
export function approachOf(
  request: Asked,
  subprotocol: string,
  vouched = request.headers.origin !== undefined,
): Approach {
  const { headers, url = '/', socket } = request
  // Without an Origin nobody vouches for cookies: they do not count.
  const { cookie } = headers
  const counting = cookie !== undefined && !vouched ? withoutCookie(headers) : headers
  const token = bearer(headers.authorization) ?? tokenEntry(headers['sec-websocket-protocol'])
  const brought = token !== undefined || (cookie !== undefined && vouched)
  return {
    address: socket.remoteAddress ?? '',
    url,
    headers: counting,
    token,
    bare: subprotocol === '' && brought ? { channels: channelsOf(url) } : undefined,
  }
}

function withoutCookie({ cookie: _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers
}

/** RFC 6750 §2.1. */
function bearer(authorization: string | undefined): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1]
}

function tokenEntry(offered: string | undefined): string | undefined {
  const entry = offered
    ?.split(',')
    .map((text) => text.trim())
    .find((text) => text.startsWith(TOKEN_ENTRY))
  return entry === undefined ? undefined : Buffer.from(entry.slice(TOKEN_ENTRY.length), 'base64url').toString()
}

/** The values of the `channel` parameters of a request target. */
export function channelsOf(target: string): string[] {
  const query = target.indexOf('?')
  return query < 0 ? [] : new URLSearchParams(target.slice(query + 1)).getAll('channel')
}
