// An exchange over the Fetch standard: a `Request` comes, a promise of a `Response` goes back. For hosts that speak nothing
// else; what they do with the bytes of a stream is theirs.

import { Readable } from 'node:stream'
import type { Asked } from '../upgrade.ts'
import type { HttpRefusal } from './answer.ts'
import type { AnswerHeaders, Exchange, StreamBody } from './exchange.ts'
import { readBody, type Body, type BodyLimits, type BodyReader } from './request-body.ts'

/** What a `Response` is made of. */
type Content = ConstructorParameters<typeof Response>[0]

/** Bytes that a stream holds before it asks to wait, as Node's sockets do. */
const HIGH_WATER_BYTES = 16_384
/** What belongs to HTTP/1.1, not to an answer: it is the host's to say. */
const HOP_BY_HOP = new Set(['connection', 'content-length', 'transfer-encoding'])

export class FetchExchange implements Exchange {
  readonly request: Asked & { readonly method: string }
  /** The answer. Never rejects. */
  readonly answered: Promise<Response>
  over = false
  readonly #request: Request
  readonly #headers = new Headers()
  readonly #respond: (response: Response) => void
  readonly #whenOver: (() => void)[] = []

  /** `address` is the peer's, which a `Request` does not tell. */
  constructor(request: Request, address: string) {
    const { pathname, search, host } = new URL(request.url)
    const headers = { host, ...Object.fromEntries(request.headers) }
    this.request = { method: request.method, url: pathname + search, headers, socket: { remoteAddress: address } }
    this.#request = request
    let respond: ((response: Response) => void) | undefined
    this.answered = new Promise((resolve) => (respond = resolve))
    this.#respond = (response) => respond?.(response)
    if (request.signal.aborted) this.#end()
    else request.signal.addEventListener('abort', () => this.#end(), { once: true })
  }

  whenOver(then: () => void): void {
    if (this.over) then()
    else this.#whenOver.push(then)
  }

  setHeader(name: string, value: string): void {
    this.#headers.set(name, value)
  }

  body(limits: BodyLimits): Promise<Body | { readonly refusal: HttpRefusal } | undefined> {
    return readBody(this.request.headers, readerOf(this.#request), limits)
  }

  answer(status: number, headers: AnswerHeaders, body?: string | Uint8Array): void {
    this.#begin(status, headers, body === undefined ? null : (body as Content))
    this.#end()
  }

  relay(status: number, headers: AnswerHeaders, body: Readable): void {
    if (this.over) return void body.destroy()
    this.#begin(status, headers, Readable.toWeb(body) as Content)
    body.once('close', () => this.#end())
  }

  stream(headers: AnswerHeaders): StreamBody {
    const stream = new FetchStream(
      (readable) => this.#begin(200, headers, readable),
      () => this.#end(),
    )
    this.whenOver(() => stream.abandon())
    return stream
  }

  #begin(status: number, headers: AnswerHeaders, body: Content): void {
    for (const [name, value] of Object.entries(headers))
      if (!HOP_BY_HOP.has(name.toLowerCase())) this.#headers.set(name, String(value))
    this.#respond(new Response(body, { status, headers: this.#headers }))
  }

  /** Also where nobody waits any more: a host that still does gets something. */
  #end(): void {
    if (this.over) return
    this.over = true
    this.#respond(new Response(null, { status: 499 }))
    for (const then of this.#whenOver.splice(0)) then()
  }
}

function readerOf({ body }: Request): BodyReader {
  return (take, end, gone) => {
    const reader = body?.getReader()
    const read = async (): Promise<void> => {
      for (;;) {
        const piece = await reader?.read()
        if (piece === undefined || piece.done) return end()
        take(piece.value)
      }
    }
    read().catch(gone)
    return () => void reader?.cancel().catch(() => undefined)
  }
}

/** A stream that the host pulls from. */
class FetchStream implements StreamBody {
  readonly chunked = false
  begun = false
  readonly #readable: ReadableStream<Uint8Array>
  readonly #begin: (readable: ReadableStream<Uint8Array>) => void
  readonly #over: () => void
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined
  #drained: (() => void)[] = []
  #ending = false

  constructor(begin: (readable: ReadableStream<Uint8Array>) => void, over: () => void) {
    this.#begin = begin
    this.#over = over
    this.#readable = new ReadableStream(
      {
        start: (controller) => void (this.#controller = controller),
        pull: () => this.#pulled(),
        cancel: () => this.#end(),
      },
      { highWaterMark: HIGH_WATER_BYTES, size: (bytes) => bytes.byteLength },
    )
  }

  get writableLength(): number {
    return this.#controller === undefined ? 0 : HIGH_WATER_BYTES - (this.#controller.desiredSize ?? HIGH_WATER_BYTES)
  }

  get writableNeedDrain(): boolean {
    return this.writableLength >= HIGH_WATER_BYTES
  }

  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean {
    if (this.#controller === undefined || this.#ending) return false
    this.#controller.enqueue(bytes)
    if (taken !== undefined) this.#drained.push(taken)
    if (!this.begun) {
      this.begun = true
      this.#begin(this.#readable)
    }
    return !this.writableNeedDrain
  }

  once(_event: 'drain', then: () => void): void {
    this.#drained.push(then)
  }

  end(): void {
    this.#ending = true
    this.#pulled()
  }

  destroy(): void {
    this.#controller?.error(new Error('The stream was given up: nobody read it.'))
    this.#end()
  }

  /** Nobody reads any more, and the host knows: it ends without complaint. */
  abandon(): void {
    this.#controller?.close()
    this.#end()
  }

  /** Somebody has taken something. All that waits for that waits until nothing is left. */
  #pulled(): void {
    if (this.writableLength > 0) return
    for (const then of this.#drained.splice(0)) then()
    if (!this.#ending) return
    this.#controller?.close()
    this.#end()
  }

  #end(): void {
    if (this.#controller === undefined) return
    this.#controller = undefined
    this.#over()
  }
}
