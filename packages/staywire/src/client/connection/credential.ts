// The token of a client: which ones were refused, and when the one in use wants to be replaced. Never fetches one.

/** What a client knows of its tokens. */
export class Credential {
  /** The token in use. */
  token: string | undefined
  /** When to replace it; `Infinity` = never. */
  refreshAt = Infinity
  /** The last tokens that the server has refused, the latest first. */
  refused: (string | undefined)[] = []
  /** How long to wait for a better token while there is none. */
  #againMs = Infinity

  /** A token was refused. */
  refuse(token: string | undefined): void {
    this.refused = [token, ...this.refused].slice(0, 3)
  }

  /** The server accepted a token for `expiresInMs`. Replaced at 75–85 % of that: not all clients of a deploy at once. */
  accepted(token: string | undefined, now: number, expiresInMs = Infinity, random: () => number): void {
    this.token = token
    this.#againMs = expiresInMs / 10
    this.refreshAt = now + expiresInMs * (0.75 + 0.1 * random())
  }

  /** No better token could be had now: asked for again while there is time. After expiry the server closes with 4004 and the dial asks anew. */
  postpone(now: number): void {
    this.refreshAt = now + this.#againMs
  }
}
