// Reads what comes with a WebSocket upgrade: which subprotocol is spoken, which credentials are brought, which channels a
// bare client wants. It trusts nothing in it, and no request target can make it throw.

import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { SUBPROTOCOL } from '../../protocol/frame.ts'
import type { Approach } from '../connection/link.ts'
import { queryOf, TOKEN_ENTRY, type TokenSources } from './token-sources.ts'

const VERSIONS = 'staywire.'

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

/** How a request is read. */
export interface Reading {
  /** The subprotocol that was agreed on; empty for none. */
  readonly subprotocol: string
  readonly tokens: TokenSources
  /** Whose request it is. */
  readonly address: string
  /** Whether cookies count: somebody must vouch for them. */
  readonly vouched: boolean
}

/** With what somebody came. */
export function approachOf(request: Asked, { subprotocol, tokens, address, vouched }: Reading): Approach {
  const { headers, url = '/' } = request
  const { cookie } = headers
  const counting = cookie !== undefined && !vouched ? withoutCookie(headers) : headers
  const token = tokens.of(request, vouched)
  const brought = token !== undefined || (cookie !== undefined && vouched)
  return {
    address,
    url: tokens.without(url),
    headers: counting,
    token,
    bare: subprotocol === '' && brought ? { channels: channelsOf(url) } : undefined,
  }
}

function withoutCookie({ cookie: _, ...headers }: IncomingHttpHeaders): IncomingHttpHeaders {
  return headers
}

/** The values of the `channel` parameters of a request target. */
export function channelsOf(target: string): string[] {
  return queryOf(target).getAll('channel')
}
