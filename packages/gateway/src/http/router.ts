// Finds who answers a request: a route, else a page, else 404. Asks the admin rule first, and turns whatever is thrown into
// an answer; nothing that is sent to it ends the process.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Site } from '../site/site.ts'
import { isLocal, notFound, type AdminRule } from './admin-rule.ts'
import { send, type Answer } from './answer.ts'
import { answerOf } from './failure-answer.ts'
import { HttpError } from './http-error.ts'
import { readJsonBody } from './json-body.ts'
import { matchPath, type Route } from './route.ts'
import { parseTarget, type Target } from './target.ts'

/** What a router is made of. */
export interface RouterParts {
  readonly routes: readonly Route[]
  readonly admin: AdminRule
  /** Tried in order when no route matches. */
  readonly sites: readonly Site[]
  readonly logger: { error(facts: { readonly err: unknown; readonly path: string | undefined }, message: string): void }
}

type Matched = readonly { readonly route: Route; readonly parameters: Readonly<Record<string, string>> }[]

/** Answers requests. */
export class Router {
  readonly #parts: RouterParts

  constructor(parts: RouterParts) {
    this.#parts = parts
  }

  /** Whether a request is for a route or a page that is here. Never rejects. */
  async knows({ url = '/' }: IncomingMessage): Promise<boolean> {
    try {
      const target = parseTarget(url)
      if (this.#match(target).length > 0) return true
      for (const site of this.#parts.sites) if ((await site.find(target.segments)) !== undefined) return true
      return false
    } catch {
      return false
    }
  }

  /** Answers one. Never throws or rejects. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let answer: Answer
    try {
      answer = await this.#answer(request)
    } catch (error) {
      answer = answerOf(error, request.headers, (unexpected) =>
        this.#parts.logger.error({ err: unexpected, path: request.url?.split('?')[0] }, 'request failed'),
      )
    }
    if (response.destroyed || response.headersSent) return
    send(request, response, answer)
    // A body that nobody read would be taken for the next request.
    if (!request.complete) request.resume()
  }

  async #answer(request: IncomingMessage): Promise<Answer> {
    const target = parseTarget(request.url ?? '/')
    const matched = this.#match(target)
    if (matched.length === 0) return this.#fromSite(request, target)
    const method = request.method === 'HEAD' ? 'GET' : request.method
    const found = matched.find(({ route }) => route.method === method)
    this.#admit(found?.route ?? matched[0]?.route, request)
    if (found === undefined) throw notAllowed(matched.map(({ route }) => route.method))
    const { route, parameters } = found
    return route.handle({ parameters, query: target.query, json: () => readJsonBody(request), raw: request })
  }

  #match({ segments }: Target): Matched {
    return this.#parts.routes.flatMap((route) => {
      const parameters = matchPath(route.path, segments)
      return parameters === undefined ? [] : [{ route, parameters }]
    })
  }

  #admit(route: Route | undefined, { headers, socket, method }: IncomingMessage): void {
    const caller = { address: socket.remoteAddress, headers, method }
    if (route?.access === 'admin') this.#parts.admin(caller)
    if (route?.access === 'local' && !isLocal(caller))
      throw new HttpError(403, 'forbidden', 'Only this machine may do that.')
  }

  async #fromSite(request: IncomingMessage, { segments }: Target): Promise<Answer> {
    for (const site of this.#parts.sites) {
      const file = await site.find(segments)
      if (file === undefined) continue
      if (request.method !== 'GET' && request.method !== 'HEAD') throw notAllowed(['GET'])
      return site.answer(file, request.headers)
    }
    throw notFound()
  }
}

function notAllowed(methods: readonly string[]): HttpError {
  const allowed = methods.includes('GET') ? ['HEAD', ...methods] : methods
  const allow = [...new Set(allowed)].sort().join(', ')
  return new HttpError(405, 'method-not-allowed', `Allowed here: ${allow}.`, { Allow: allow })
}
