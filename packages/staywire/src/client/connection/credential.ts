// The token of a client: which ones were refused, when the one in use wants to be replaced, and by which one it is being replaced.
// Never fetches one.

import type { RefreshFrame, ServerFrame } from '../../protocol/frame.ts'

/** What a client knows of its tokens. */
export class Credential {
  /** Has the token in use. */
  readonly #of: { bearer: string | undefined }
  /** When to replace it; `Infinity` = never. */
  refreshAt = Infinity
  /** The last tokens that the server has refused, the latest first. */
  refused: (string | undefined)[] = []
  /** The frame that offers the server another one, while it is not answered. */
  #refresh: RefreshFrame | undefined
  /** How long to wait for a better token while there is none. */
  #againMs = Infinity

  constructor(of: { bearer: string | undefined }) {
    this.#of = of
  }

  /** A token was refused: the one in use, where nothing else is said. */
  refuse(token = this.#of.bearer): void {
    this.refused = [token, ...this.refused].slice(0, 3)
  }

  /** The server accepted the token in use for `expiresInMs`. Replaced at 75–85 % of that: not all clients of a deploy at once. */
  accepted(now: number, expiresInMs = Infinity, random: () => number): void {
    this.#againMs = expiresInMs / 10
    this.refreshAt = now + expiresInMs * (0.75 + 0.1 * random())
  }

  /** No better token could be had now: asked for again while there is time. After expiry the server closes with 4004 and the dial asks anew. */
  postpone(now: number): void {
    this.refreshAt = now + this.#againMs
  }

  /** The frame that offers the server another token. */
  refresh(id: number, token: string): RefreshFrame {
    return (this.#refresh = { type: 'refresh', id, token })
  }

  /** Whether a frame answers that offer, which is noted. */
  answered(frame: ServerFrame, now: number, random: () => number): boolean {
    const { id, token } = this.#refresh ?? {}
    if (!id || !('id' in frame) || frame.id !== id) return false
    this.dropped()
    if (frame.type === 'result') {
      this.#of.bearer = token
      this.accepted(now, frame.tokenExpiresInMs, random)
    } else {
      this.refuse(token)
      this.postpone(now)
    }
    return true
  }

  /** The connection is gone, and every answer with it. */
  dropped(): void {
    this.#refresh = undefined
  }
}
