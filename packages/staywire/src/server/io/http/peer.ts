// One other node: hands requests to it over connections that are kept, and its answers back. It knows nothing of what is in them, and
// gives up on a node that does not answer: the client then asks again.

import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { LIMITS } from '../../../protocol/limits.ts'
import { refuse, type HttpRefusal } from './answer.ts'
import type { AnswerHeaders, Exchange } from './exchange.ts'

/** Header that says by which node a request was handed on. It grants nothing: whoever makes it up is only not handed on. */
export const HANDED_ON_BY = 'staywire-node'

/** What became of a request that was for another node. `cause` says why it `failed`. */
export interface Forwarding {
  readonly to: string
  readonly outcome: 'answered' | 'failed'
  readonly cause?: string
}

/** How a peer is spoken to. */
export interface PeerTerms {
  /** The name of this node. */
  readonly by: string
  /** How many requests may be under way. */
  readonly most: number
  readonly report: (forwarding: Forwarding) => void
}

/** Longest time for a way to the node to open. */
const CONNECT_MS = 2_000
/** Longest silence of a node that was asked: a poll waits for `pollMs`, and a body for decisions. */
const SILENCE_MS = LIMITS.pollMs.value + 15_000
/** What a Staywire server answers to bodies and polls. Anything else comes from somebody who is none. */
const STATUSES: readonly number[] = [200, 400, 408, 409, 410, 413, 503]
const HEADERS = ['content-type', 'content-length', 'cache-control', 'retry-after'] as const

const UNREACHABLE: HttpRefusal = {
  status: 503,
  code: 'server-error',
  message: 'The node that has the connection does not answer.',
}

/** A peer. */
export class Peer {
  readonly #name: string
  readonly #url: URL
  readonly #terms: PeerTerms
  readonly #agent: HttpAgent | HttpsAgent
  #underWay = 0

  constructor(name: string, url: URL, terms: PeerTerms) {
    this.#name = name
    this.#url = url
    this.#terms = terms
    const options = { keepAlive: true, scheduling: 'lifo' as const }
    this.#agent = url.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options)
  }

  /** Hands a body on that was sent to what is `below` the path; the exchange is answered in any case. */
  forward(exchange: Exchange, below: string, body: string): void {
    if (this.#underWay >= this.#terms.most) return this.#fail(exchange, 'busy')
    this.#underWay++
    exchange.whenOver(() => this.#underWay--)
    this.#ask(exchange, { below, body, again: true })
  }

  close(): void {
    this.#agent.destroy()
  }

  #ask(exchange: Exchange, asked: { below: string; body: string; again: boolean }): void {
    const request = this.#request(asked.below)
    let answered = false
    exchange.whenOver(() => {
      if (!answered) request.destroy()
    })
    request.on('response', (response) => {
      answered = true
      this.#answer(exchange, response)
    })
    request.on('error', (error: NodeJS.ErrnoException) => {
      if (answered || exchange.over) return
      answered = true
      // The node closed a way that had been kept, just then. Bodies and polls have numbers: they can be sent again.
      if (request.reusedSocket && asked.again) this.#ask(exchange, { ...asked, again: false })
      else this.#fail(exchange, error.code ?? error.message)
    })
    request.end(asked.body)
  }

  #request(below: string): ClientRequest {
    const { href, protocol } = this.#url
    const headers = { 'content-type': 'application/json', [HANDED_ON_BY]: this.#terms.by }
    const options = { method: 'POST', agent: this.#agent, headers, timeout: SILENCE_MS }
    const request = (protocol === 'https:' ? httpsRequest : httpRequest)(href.replace(/\/$/, '') + below, options)
    const late = setTimeout(() => request.destroy(timedOut()), CONNECT_MS).unref()
    request.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => clearTimeout(late))
      else clearTimeout(late)
    })
    request.on('close', () => clearTimeout(late))
    request.on('timeout', () => request.destroy(timedOut()))
    return request
  }

  #answer(exchange: Exchange, response: IncomingMessage): void {
    const { statusCode: status = 0, headers } = response
    if (!STATUSES.includes(status) || headers['content-type'] !== 'application/json') {
      response.destroy()
      return this.#fail(exchange, `status ${status}`)
    }
    const told: Record<string, string> = {}
    for (const name of HEADERS) if (headers[name] !== undefined) told[name] = headers[name]
    exchange.relay(status, told satisfies AnswerHeaders, response)
    this.#terms.report({ to: this.#name, outcome: 'answered' })
  }

  #fail(exchange: Exchange, cause: string): void {
    this.#terms.report({ to: this.#name, outcome: 'failed', cause })
    refuse(exchange, UNREACHABLE)
  }
}

function timedOut(): NodeJS.ErrnoException {
  return Object.assign(new Error('The node does not answer.'), { code: 'ETIMEDOUT' })
}
