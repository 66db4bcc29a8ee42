// Cuts a text that comes in pieces into lines, which end in LF or CR LF.

/** Tells each line once it is whole. */
export class Lines {
  readonly #tell: (line: string) => void
  /** What has come of a line; joined when it is whole, so that a long one is not copied with each piece. */
  #begun: string[] = []

  constructor(tell: (line: string) => void) {
    this.#tell = tell
  }

  push(text: string): void {
    const pieces = text.split('\n')
    const rest = pieces.pop()
    for (const piece of pieces) {
      this.#begun.push(piece)
      this.#tell(this.#begun.join('').replace(/\r$/, ''))
      this.#begun = []
    }
    if (rest) this.#begun.push(rest)
  }
}
