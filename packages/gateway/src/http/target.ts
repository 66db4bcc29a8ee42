// Reads request targets (RFC 9112 §3.2): the path in decoded segments, and the query. A target that is none is refused, and
// none makes it throw anything else.

import { HttpError } from './http-error.ts'

/** Longest request target, in characters. */
const MAX_CHARS = 8_192

/** A request target, read. */
export interface Target {
  /** Percent-decoded, without the empty one in front of the first slash: `/a/b%20c` gives `['a', 'b c']`, `/` gives `['']`. */
  readonly segments: readonly string[]
  readonly query: URLSearchParams
}

/** Throws an `HttpError` 400, or 414 for one that is too long. */
export function parseTarget(text: string): Target {
  if (text.length > MAX_CHARS)
    throw new HttpError(414, 'target-too-long', `The request target has more than ${MAX_CHARS} characters.`)
  const relative = originForm(text)
  const query = relative.indexOf('?')
  const path = query < 0 ? relative : relative.slice(0, query)
  const parameters = new URLSearchParams(query < 0 ? '' : relative.slice(query + 1))
  if (!path.startsWith('/') || path.startsWith('//')) throw malformed()
  return { segments: path.slice(1).split('/').map(decode), query: parameters }
}

/** Proxies may send `GET http://host/path`, which a server has to accept. */
function originForm(text: string): string {
  if (!/^https?:\/\//i.test(text)) return text
  const url = URL.parse(text)
  if (url === null) throw malformed()
  return `${url.pathname}${url.search}`
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw malformed()
  }
}

function malformed(): HttpError {
  return new HttpError(400, 'bad-target', 'The request target is not a path.')
}
