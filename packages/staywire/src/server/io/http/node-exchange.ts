// An exchange over Node's HTTP server, alone or below Express, Fastify, NestJS and their like: these may have read the body
// before, and may have cut the front off the URL.

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { pipeline, type Readable, type Writable } from 'node:stream'
import { LIMITS } from '../../../protocol/limits.ts'
import type { Asked } from '../upgrade.ts'
import type { HttpRefusal } from './answer.ts'
import type { AnswerHeaders, Exchange, StreamBody } from './exchange.ts'
import { readBody, type Body, type BodyLimits, type BodyReader } from './request-body.ts'

/** What frameworks leave on a request: Express the whole URL where it cuts `url` for a router, body parsers what they have read. */
type Framed = IncomingMessage & { readonly originalUrl?: unknown; readonly body?: unknown }

export class NodeExchange implements Exchange {
  readonly request: Asked & { readonly method?: string | undefined }
  readonly #message: IncomingMessage
  readonly #response: ServerResponse
  readonly #parsed: unknown

  /** `parsed`: the body, where the host has read it and does not leave it on the request. */
  constructor(message: Framed, response: ServerResponse, parsed?: unknown) {
    const { originalUrl, url, method, headers, socket } = message
    this.request = { url: typeof originalUrl === 'string' ? originalUrl : url, method, headers, socket }
    this.#message = message
    this.#response = response
    this.#parsed = parsed ?? (message.readableEnded ? (message.body ?? '') : undefined)
  }

  get over(): boolean {
    return this.#response.destroyed || this.#response.writableEnded
  }

  whenOver(then: () => void): void {
    this.#response.on('error', () => undefined)
    this.#response.once('close', then)
  }

  setHeader(name: string, value: string): void {
    if (!this.#response.headersSent) this.#response.setHeader(name, value)
  }

  body(limits: BodyLimits): Promise<Body | { readonly refusal: HttpRefusal } | undefined> {
    return readBody(this.request.headers, this.#parsed ?? readerOf(this.#message), limits)
  }

  answer(status: number, headers: AnswerHeaders, body?: string | Uint8Array): void {
    if (this.#response.headersSent || this.#response.destroyed) return
    this.#breakOffUnread()
    this.#response.writeHead(status, headers).end(body)
  }

  relay(status: number, headers: AnswerHeaders, body: Readable): void {
    if (this.#response.headersSent || this.#response.destroyed) return void body.destroy()
    this.#breakOffUnread()
    this.#response.writeHead(status, headers)
    pipeline(body, this.#response, () => undefined)
  }

  /** Nobody has to wait for who reads nothing. PROTOCOL.md, POST-14. */
  #breakOffUnread(): void {
    const response = this.#response
    response.setTimeout(LIMITS.unreadAnswerMs.value, () => response.destroy())
    // Before Node sets its own: a stream or a poll may follow on the same socket, which is silent for longer.
    response.prependOnceListener('finish', () => response.socket?.setTimeout(0))
  }

  stream(headers: AnswerHeaders): StreamBody {
    return new NodeStream(this.#response, headers)
  }
}

/** By events: leaving an async iteration early would destroy the socket, and with it the answer. */
function readerOf(message: IncomingMessage): BodyReader {
  return (take, end, gone) => {
    message.on('data', take)
    message.on('end', end)
    message.on('error', gone)
    message.on('close', gone)
    return () => message.removeAllListeners('data')
  }
}

/**
 * Where the socket is the answer's alone, bytes go straight to it: what Node's own chunking would do for each stream is done once
 * for all.
 */
class NodeStream implements StreamBody {
  readonly chunked: boolean
  begun = false
  readonly #response: ServerResponse
  readonly #headers: AnswerHeaders
  readonly #target: Writable

  constructor(response: ServerResponse, headers: AnswerHeaders) {
    this.#response = response
    this.#headers = headers
    const socket = ownSocket(response)
    this.chunked = socket !== undefined
    this.#target = socket ?? response
  }

  get writableLength(): number {
    return this.#target.writableLength
  }

  get writableNeedDrain(): boolean {
    return this.#target.writableNeedDrain
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.begun) return this.#target.write(bytes, taken)
    this.begun = true
    for (const [name, value] of Object.entries(this.#headers)) this.#response.setHeader(name, value)
    if (!this.chunked) return this.#target.write(bytes, taken)
    this.#target.cork()
    this.#response.setHeader('Transfer-Encoding', 'chunked')
    this.#response.flushHeaders()
    const more = this.#target.write(bytes, taken)
    this.#target.uncork()
    return more
  }

  once(event: 'drain', then: () => void): void {
    this.#target.once(event, then)
  }

  end(): void {
    this.#response.end()
  }

  destroy(): void {
    this.#response.destroy()
  }
}

/** The socket, unless an earlier answer (pipelining) or another protocol is still in the way. */
function ownSocket({ socket, req }: ServerResponse): Socket | undefined {
  return socket !== null && req.httpVersion === '1.1' ? socket : undefined
}
