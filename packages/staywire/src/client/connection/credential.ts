// The token of a client: which ones were refused, and when the one in use wants to be replaced. Never fetches one.

/** Tokens that need not be tried again are remembered up to this many. */
const REMEMBERED = 3
/** A token is asked for again at most this often while its replacement fails. */
const MIN_WAIT_MS = 5_000

/** What a client knows of its tokens. */
export class Credential {
  /** The token in use. */
  token: string | undefined
  /** When to replace it; `Infinity` = never. */
  refreshAt = Infinity
  /** Tokens that the server has refused, the latest first. */
  refused: (string | undefined)[] = []
  #expiresAt = Infinity

  /** A token was refused. */
  refuse(token: string | undefined): void {
    this.refused = [token, ...this.refused].slice(0, REMEMBERED)
  }

  /** The server accepted a token for `expiresInMs`. Replaced at 75–85 % of that: not all clients of a deploy at once. */
  accepted(token: string | undefined, now: number, expiresInMs = Infinity, random: () => number): void {
    this.token = token
    this.#expiresAt = now + expiresInMs
    this.refreshAt = now + expiresInMs * (0.75 + 0.1 * random())
  }

  /** No better token could be had now: later, while there is time. After expiry the server closes with 4004 and the dial asks anew. */
  postpone(now: number): void {
    const leftMs = this.#expiresAt - now
    this.refreshAt = leftMs > MIN_WAIT_MS ? now + Math.max(MIN_WAIT_MS, leftMs * 0.8) : Infinity
  }
}
