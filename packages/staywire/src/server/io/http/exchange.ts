// One request and its answer, as the HTTP transports need them, whatever kind of server they came over. An answer is whole, or a
// stream; it is given once.

import type { Readable } from 'node:stream'
import type { ByteTarget } from '../socket-writer.ts'
import type { Asked } from '../upgrade.ts'
import type { Body, BodyLimits } from './request-body.ts'
import type { HttpRefusal } from './answer.ts'

/** Headers of an answer. */
export type AnswerHeaders = Readonly<Record<string, string | number>>

/** A request that waits for its answer. */
export interface Exchange {
  readonly request: Asked & { readonly method?: string | undefined }
  /** Whether it was answered whole, or nobody waits for the answer any more. */
  readonly over: boolean
  /** Calls `then` once, when that is so, at the latest when a stream has ended. */
  whenOver(then: () => void): void
  /** Sets a header of the answer, whatever that will be. */
  setHeader(name: string, value: string): void
  /** The body, or why it is refused; `undefined` when whoever was sending it went away. */
  body(limits: BodyLimits): Promise<Body | { readonly refusal: HttpRefusal } | undefined>
  /** Answers whole. Does nothing where an answer was begun, or nobody waits for it. */
  answer(status: number, headers: AnswerHeaders, body?: string | Uint8Array): void
  /** Answers with what somebody else says, as it comes. An answer that breaks off is broken off here as well. */
  relay(status: number, headers: AnswerHeaders, body: Readable): void
  /** Prepares an answer that streams: status 200 and these headers go out with the first bytes. */
  stream(headers: AnswerHeaders): StreamBody
}

/** The body of an answer that streams. */
export interface StreamBody extends ByteTarget {
  /** Whether bytes must be chunks (RFC 9112 §7.1) already. */
  readonly chunked: boolean
  /** Whether anything was written. */
  readonly begun: boolean
  /** Writes; `taken` is called when whoever sends them on has taken them. */
  write(bytes: Uint8Array, taken?: (error?: Error | null) => void): boolean
  /** No more comes. */
  end(): void
  /** Gives up what was not taken. */
  destroy(): void
}
