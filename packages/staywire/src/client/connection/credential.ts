// The token of a client: which ones were refused, and when the one in use wants to be replaced. Never fetches one.

/** Tokens that need not be tried again are remembered up to this many. */
const REMEMBERED = 3
/** A token is asked for again at most this often while its replacement fails. */
const MIN_WAIT_MS = 5_000

/** What a client knows of its tokens. */
export class Credential {
  token: string | undefined
  /** When to replace the token; `Infinity` = never. */
  refreshAt = Infinity
  #expiresAt = Infinity
  #refused: (string | undefined)[] = []

  /** Whether the server has refused this very token. */
  isRefused(token: string): boolean {
    return this.#refused.includes(token)
  }

  /** The token in use, or the one given, was refused. */
  refuse(token = this.token): void {
    this.#refused = [...this.#refused.filter((known) => known !== token), token].slice(-REMEMBERED)
  }

  /** Refused tokens may be tried again: the app asked for it. */
  forgive(): void {
    this.#refused = []
  }

  /** The server accepted the token for `expiresInMs` (absent = for good). Replaced at 75–85 % of that: not all clients of a deploy at once. */
  accepted(now: number, expiresInMs: number | undefined, random: () => number): void {
    this.#expiresAt = now + (expiresInMs ?? Infinity)
    this.refreshAt = now + (expiresInMs ?? Infinity) * (0.75 + 0.1 * random())
  }

  /** No better token could be had now: later, while there is time. After expiry the server closes with 4004 and the dial asks anew. */
  postpone(now: number): void {
    const left = this.#expiresAt - now
    this.refreshAt = left > MIN_WAIT_MS ? now + Math.max(MIN_WAIT_MS, left * 0.8) : Infinity
  }

  /** No connection, nothing to replace. */
  rest(): void {
    this.refreshAt = Infinity
  }
}
