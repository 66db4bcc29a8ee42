// What was posted to a tab that has said nothing since. A port to a tab that hangs takes everything, and says nothing: the tab is
// asked for a sign of life when much has been posted, and given up when it gives none. PROTOCOL.md, PORT-14.

/** From so many messages or bytes on a tab is asked for a sign of life. */
export const CHECK_MESSAGES = 1_000
const CHECK_BYTES = 1_048_576
/** How long it may take to give one. */
export const CHECK_MS = 5_000
/** At so many times as much it is given up without waiting. */
const MOST = 16

/** The backlog of one tab. */
export class Backlog {
  #messages = 0
  /** Bytes that had arrived at the owner when the first of them was posted: no more than what has come since was posted. */
  #from = 0
  #askedAt: number | undefined

  /** Something more was posted, when so many bytes had arrived at the owner. Answers what is to be done about it. */
  posted(now: number, bytes: number): 'check' | 'drop' | undefined {
    if (!this.#messages++) this.#from = bytes
    const share = Math.max(this.#messages / CHECK_MESSAGES, (bytes - this.#from) / CHECK_BYTES)
    if (share < 1) return undefined
    if (this.#askedAt !== undefined) return share >= MOST || now - this.#askedAt >= CHECK_MS ? 'drop' : undefined
    this.#askedAt = now
    return 'check'
  }

  /** The tab says something: it lives, and gets to what was posted. */
  heard(): void {
    this.#messages = 0
    this.#askedAt = undefined
  }
}
