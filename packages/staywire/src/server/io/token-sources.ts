// Where a token may be brought besides the first frame: the `Authorization` header and the subprotocol always, a cookie and the
// URL only where they were switched on by name. A token in a URL is taken out of it: nobody after this sees it there.

import { StaywireError } from '../../protocol/error-code.ts'
import type { ServerOptions } from '../options.ts'
import type { Asked } from './upgrade.ts'

/** An entry of the subprotocols that carries a token, base64url, for clients that can set no header. */
export const TOKEN_ENTRY = 'staywire.token.'

/** What a cookie may be called (RFC 6265 §4.1.1), and a parameter of a URL without escapes. */
const NAME = /^[\w!#$'*+.^`|~-]{1,64}$/

/** The ways that are open. */
export class TokenSources {
  readonly #cookie: string | undefined
  readonly #parameter: string | undefined

  /** Throws a `StaywireError` `bad-option` for a name that cannot be used. */
  constructor({ tokenCookie, tokenParameter }: Pick<ServerOptions, 'tokenCookie' | 'tokenParameter'> = {}) {
    this.#cookie = named('tokenCookie', tokenCookie)
    this.#parameter = named('tokenParameter', tokenParameter)
    // It names what a bare client wants to hear.
    if (tokenParameter === 'channel') throw unusable('tokenParameter', tokenParameter)
  }

  /** The token that a request brings; cookies count only where somebody has vouched for them. PROTOCOL.md, AUTH-13. */
  of({ headers, url = '/' }: Asked, vouched: boolean): string | undefined {
    return (
      bearer(headers.authorization) ??
      tokenEntry(headers['sec-websocket-protocol']) ??
      (vouched ? this.#fromCookie(headers.cookie) : undefined) ??
      (this.#parameter === undefined ? undefined : (queryOf(url).get(this.#parameter) ?? undefined))
    )
  }

  /** A request target without the token in it. */
  without(target: string): string {
    if (this.#parameter === undefined) return target
    const query = queryOf(target)
    if (!query.has(this.#parameter)) return target
    query.delete(this.#parameter)
    const path = target.slice(0, target.indexOf('?'))
    return query.size === 0 ? path : `${path}?${query.toString()}`
  }

  /** RFC 6265 §5.4: pairs, the first of a name being that of the longest path. */
  #fromCookie(cookie: string | undefined): string | undefined {
    if (this.#cookie === undefined || cookie === undefined) return undefined
    for (const pair of cookie.split(';')) {
      const equals = pair.indexOf('=')
      if (equals >= 0 && pair.slice(0, equals).trim() === this.#cookie)
        return pair
          .slice(equals + 1)
          .trim()
          .replace(/^"(.*)"$/, '$1')
    }
    return undefined
  }
}

/** The parameters of a request target. */
export function queryOf(target: string): URLSearchParams {
  const query = target.indexOf('?')
  return new URLSearchParams(query < 0 ? '' : target.slice(query + 1))
}

/** RFC 6750 §2.1. */
function bearer(authorization: string | undefined): string | undefined {
  return authorization === undefined ? undefined : /^Bearer +([^\s]+) *$/i.exec(authorization)?.[1]
}

function tokenEntry(offered: string | undefined): string | undefined {
  if (offered?.includes(TOKEN_ENTRY) !== true) return undefined
  const entry = offered
    .split(',')
    .map((text) => text.trim())
    .find((text) => text.startsWith(TOKEN_ENTRY))
  return entry === undefined ? undefined : Buffer.from(entry.slice(TOKEN_ENTRY.length), 'base64url').toString()
}

function named(option: string, name: string | undefined): string | undefined {
  if (name === undefined || NAME.test(name)) return name
  throw unusable(option, name)
}

function unusable(option: string, name: string): StaywireError {
  return new StaywireError('bad-option', `${option} is ${JSON.stringify(name)}, which cannot be used.`, {
    fix: 'Use a name of 1–64 letters, digits, - and _, other than "channel".',
  })
}
