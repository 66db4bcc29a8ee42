// One thing that a client asked for and that takes more than one turn to answer: a small machine of steps between questions.

import type { ErrorCode } from '../../protocol/error-code.ts'
import { ERRORS } from '../../protocol/error-code.ts'
import type { ErrorFrame } from '../../protocol/frame.ts'
import type { Answer, Ask } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Output } from './output.ts'

/** What comes next: outputs, and a question; without one the request is done. */
export interface Step {
  readonly outputs?: readonly Output[]
  readonly ask?: Ask
  /** From here on later requests of the same channel may go ahead, if they are of this kind. */
  readonly free?: boolean
}

/** A request under way. */
export interface Request {
  /** Requests of one channel are handled in the order they came. */
  readonly channel: string | undefined
  /** Whether it may run beside others of its kind in the channel, once these are `free`. */
  readonly shares: boolean
  start(connection: Connection, now: number): Step
  /** Never called with `failed`. */
  answered(answer: Answer, connection: Connection, now: number): Step
  /** A question was refused, or not answered in time: what to do instead of going on. */
  failed(failure: Failure, connection: Connection): readonly Output[]
}

/** Why a request cannot be done. */
export interface Failure {
  readonly code: ErrorCode
  readonly message: string
  readonly retryAfterMs?: number
}

/** The step of a request that is refused with an `error` frame. */
export function refuse(id: number | undefined, code: ErrorCode, message: string): Step {
  return { outputs: [errorOutput(id, { code, message })] }
}

/** An `error` frame. */
export function errorOutput(id: number | undefined, { code, message, retryAfterMs }: Failure): Output {
  const frame: ErrorFrame = {
    type: 'error',
    ...(id !== undefined && { id }),
    code,
    message,
    temporary: ERRORS[code].temporary,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  }
  return { type: 'send', frame }
}

/** For an answer of a kind that was not asked for: a mistake of ours, never of a client. */
export function unexpected(answer: Answer): never {
  throw new TypeError(`An answer of kind ${answer.kind} was not asked for.`)
}
