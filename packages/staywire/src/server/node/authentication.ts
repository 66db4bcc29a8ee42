// Asks the application who somebody is, and holds its answer against what an identity may be. It remembers nothing.

import { CLOSE } from '../../protocol/close-code.ts'
import { isChannelName } from '../../protocol/channel-name.ts'
import { StaywireError } from '../../protocol/error-code.ts'
import type { Answer } from '../connection/ask.ts'
import type { AuthenticateRequest, Identity, ServerOptions } from '../options.ts'

/** Longest user id, and longest id of a token, in characters. */
const USER_CHARS = 128
const TOKEN_ID_CHARS = 256

/** What authentication needs of its node. */
export interface AuthenticationTerms {
  readonly authenticate: ServerOptions['authenticate']
  readonly anonymous: boolean
  /** Names a visitor without a browser id. */
  name(): string
  /** Unix time in milliseconds, by the wall clock: expiries are told in it. */
  wall(): number
  /** The application's own code failed. */
  failed(error: unknown): void
}

/** The identity of a request, or with which code it is turned away. PROTOCOL.md, AUTH-1 to AUTH-3. */
export async function identityOf(request: AuthenticateRequest, terms: AuthenticationTerms): Promise<Answer> {
  let identity: Identity | null
  try {
    identity = (await terms.authenticate?.(request)) ?? null
    if (identity !== null) check(identity)
  } catch (error) {
    if (error instanceof StaywireError && error.code === 'forbidden') return turnedAway(CLOSE.identityRefused.code)
    terms.failed(withoutToken(error, request.token))
    return turnedAway(CLOSE.serverError.code)
  }
  if (identity === null && request.token === undefined)
    identity = terms.anonymous ? { user: `anon:${request.origin.browser ?? terms.name()}` } : null
  if (identity === null)
    return turnedAway(request.token === undefined ? CLOSE.tokenMissing.code : CLOSE.tokenInvalid.code)
  const expiresInMs = identity.expiresAt === undefined ? undefined : identity.expiresAt - terms.wall()
  if (expiresInMs !== undefined && expiresInMs <= 0) return turnedAway(CLOSE.tokenExpired.code)
  return { kind: 'identity', identity, expiresInMs }
}

function turnedAway(code: number): Answer {
  return { kind: 'turned-away', code }
}

/** Mistakes of the application's `authenticate` are its own, told to it and to nobody else. */
function check({ user, expiresAt, issuedAt = 0, tokenId = 'x', subscriptions = [], data }: Identity): void {
  if (typeof user !== 'string' || user.length === 0 || user.length > USER_CHARS) {
    throw mistake(`the user ${JSON.stringify(user)}`, `a string of 1–${USER_CHARS} characters`)
  }
  if (user.startsWith('anon:'))
    throw mistake(`the user ${JSON.stringify(user)}`, 'another: "anon:" begins the names of anonymous visitors')
  if (expiresAt !== undefined && !Number.isFinite(expiresAt))
    throw mistake(`expiresAt ${String(expiresAt)}`, 'Unix milliseconds')
  if (!Number.isFinite(issuedAt)) throw mistake(`issuedAt ${String(issuedAt)}`, 'Unix milliseconds')
  if (typeof tokenId !== 'string' || tokenId.length === 0 || tokenId.length > TOKEN_ID_CHARS)
    throw mistake('a tokenId', `a string of 1–${TOKEN_ID_CHARS} characters`)
  const odd = subscriptions.find((channel) => !isChannelName(channel))
  if (odd !== undefined) throw mistake(`the subscription ${JSON.stringify(odd)}`, 'a channel name')
  // Throws by itself for a cycle or a bigint.
  if (data !== undefined && JSON.stringify(data) === undefined) throw mistake('data', 'JSON')
}

function mistake(what: string, expected: string): TypeError {
  return new TypeError(`authenticate answered ${what}; it must be ${expected}.`)
}

/** Deepest chain of causes that is looked through. */
const CAUSES = 8
/** What is shorter is no secret, but may well be part of an ordinary word. */
const LEAST_SECRET_CHARS = 6

/** What the application threw may quote the token it was given: whoever is told of it is not to see that. PROTOCOL.md, AUTH-14. */
function withoutToken(error: unknown, token: string | undefined, depth = 0): unknown {
  if (token === undefined || token.length < LEAST_SECRET_CHARS) return error
  const clean = (text: string): string => text.replaceAll(token, '[token]')
  if (typeof error === 'string') return clean(error)
  if (!(error instanceof Error) || depth > CAUSES) return error
  const { message, stack = '', cause } = error
  const cleaned = withoutToken(cause, token, depth + 1)
  if (!message.includes(token) && !stack.includes(token) && cleaned === cause) return error
  const copy = new Error(clean(message), cleaned === undefined ? {} : { cause: cleaned })
  copy.name = error.name
  copy.stack = clean(stack)
  return copy
}
