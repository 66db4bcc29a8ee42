// What was seen in one run: a line for each thing that happened, what was counted, and what was wrong. It judges nothing.

/** Things that must happen sometimes, or the runs never got to where the bugs are. */
export const SOMETIMES = [
  'recovered',
  'gap',
  'dedupe hit',
  'epoch rotated',
  'slow consumer',
  'resume fenced',
  'torn tail repaired',
  'stored',
  'rejected',
  'unknown',
] as const

/** One of them. */
export type Sometimes = (typeof SOMETIMES)[number]

/** The journal of a run. */
export class Journal {
  readonly counts = Object.fromEntries(SOMETIMES.map((name) => [name, 0])) as Record<Sometimes, number>
  readonly violations: string[] = []
  /** FNV-1a over all lines: two runs that did the same have the same. */
  hash = 0x811c_9dc5
  readonly #now: () => number
  readonly #lines: string[] | undefined

  /** Keeps the lines only where somebody wants to read them. */
  constructor(now: () => number, keepsLines: boolean) {
    this.#now = now
    this.#lines = keepsLines ? [] : undefined
  }

  get lines(): readonly string[] {
    return this.#lines ?? []
  }

  /** Something happened. */
  note(what: string): void {
    const line = `${this.#now()} ${what}`
    for (let index = 0; index < line.length; index++)
      this.hash = Math.imul(this.hash ^ line.charCodeAt(index), 0x0100_0193)
    this.#lines?.push(line)
  }

  /** Something is wrong. */
  violate(property: string, what: string): void {
    this.violations.push(`${property}: ${what}`)
    this.note(`VIOLATION ${property}: ${what}`)
  }

  count(what: Sometimes, times = 1): void {
    this.counts[what] += times
  }
}
