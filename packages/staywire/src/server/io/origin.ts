// Whether a browser's page may come here: its Origin must be that of this server, or one that was allowed by name.

import type { IncomingHttpHeaders } from 'node:http'
import { StaywireError } from '../../protocol/error-code.ts'

/** The origins besides the server's own. */
export class Origins {
  readonly #allowed: ReadonlySet<string>

  /** Throws a `StaywireError` `bad-option` for what is no origin. */
  constructor(allowed: readonly string[] = []) {
    this.#allowed = new Set(allowed.map(normal))
  }

  /** Whether a request may come: it has no Origin (no browser sends it), the server's own, or an allowed one. `null` is foreign. */
  allows({ origin, host }: IncomingHttpHeaders): boolean {
    if (origin === undefined) return true
    const text = origin.toLowerCase()
    if (this.#allowed.has(text)) return true
    const url = URL.parse(text)
    return (
      url !== null &&
      (url.protocol === 'http:' || url.protocol === 'https:') &&
      url.host !== '' &&
      url.host === host?.toLowerCase()
    )
  }
}

function normal(text: string): string {
  const url = URL.parse(text)
  if (
    url !== null &&
    url.origin !== 'null' &&
    (text.toLowerCase() === url.origin || text.toLowerCase() === `${url.origin}/`)
  )
    return url.origin
  throw new StaywireError('bad-option', `allowOrigins has ${JSON.stringify(text)}, which is not an origin.`, {
    fix: 'Write scheme, host and port only, e.g. https://app.example.',
  })
}
