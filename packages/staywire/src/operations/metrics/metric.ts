// The kinds of metrics, as plain data structures that say their samples. Nothing is labelled with what a client can choose.

import { combinations, labelText, type Labels, type LabelSets } from './label.ts'

/** One line of the metrics page: a series with its labels, and its value. */
export type Sample = readonly [series: string, value: number]

/** What a metric is called and what it says, in a sentence. */
export interface MetricFacts {
  readonly name: string
  readonly help: string
}

/** Anything that has samples. */
export interface Metric extends MetricFacts {
  readonly kind: 'counter' | 'gauge' | 'histogram'
  samples(): Sample[]
  /** Back to 0, where that means something: gauges stay. */
  reset(): void
}

/** A number that only grows, one for each combination of label values. */
export class Counter<Sets extends LabelSets = Record<never, never>> implements Metric {
  readonly kind = 'counter'
  readonly name: string
  readonly help: string
  readonly #sets: Sets
  readonly #values = new Map<string, number>()

  constructor({ name, help }: MetricFacts, sets: Sets) {
    this.name = name
    this.help = help
    this.#sets = sets
    this.reset()
  }

  /** Counts one, or `by` (≥ 0). */
  add(labels: Labels<Sets>, by = 1): void {
    const key = labelText(this.#sets, labels)
    this.#values.set(key, (this.#values.get(key) ?? 0) + by)
  }

  /** The count of one combination. */
  get(labels: Labels<Sets>): number {
    return this.#values.get(labelText(this.#sets, labels)) ?? 0
  }

  /** All combinations together. */
  get total(): number {
    let total = 0
    for (const value of this.#values.values()) total += value
    return total
  }

  samples(): Sample[] {
    return [...this.#values].map(([labels, value]) => [this.name + labels, value])
  }

  reset(): void {
    for (const labels of combinations(this.#sets)) this.#values.set(labelText(this.#sets, labels), 0)
  }
}

/** A number that somebody else keeps, read when somebody looks: a gauge, or a counter since the last reset. */
export class Reading<Sets extends LabelSets = Record<never, never>> implements Metric {
  readonly kind: 'counter' | 'gauge'
  readonly name: string
  readonly help: string
  readonly #series: readonly (readonly [string, Labels<Sets>])[]
  readonly #read: (labels: Labels<Sets>) => number
  readonly #zero = new Map<string, number>()

  /** `read` answers the value of one combination now. */
  constructor(
    kind: 'counter' | 'gauge',
    { name, help }: MetricFacts,
    sets: Sets,
    read: (labels: Labels<Sets>) => number,
  ) {
    this.kind = kind
    this.name = name
    this.help = help
    this.#series = combinations(sets).map((labels) => [name + labelText(sets, labels), labels as Labels<Sets>])
    this.#read = read
  }

  samples(): Sample[] {
    return this.#series.map(([series, labels]) => [series, this.#read(labels) - (this.#zero.get(series) ?? 0)])
  }

  reset(): void {
    if (this.kind === 'counter') for (const [series, labels] of this.#series) this.#zero.set(series, this.#read(labels))
  }
}
