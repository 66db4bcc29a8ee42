// How often a value fell in which range. Keeps counts, no values.

import { combinations, labelText, type Labels, type LabelSets } from './label.ts'
import type { Metric, MetricFacts, Sample } from './metric.ts'

interface Series {
  readonly counts: number[]
  sum: number
  count: number
}

/** A histogram, one for each combination of label values. */
export class Histogram<Sets extends LabelSets = Record<never, never>> implements Metric {
  readonly kind = 'histogram'
  readonly name: string
  readonly help: string
  readonly #sets: Sets
  readonly #bounds: readonly number[]
  readonly #series = new Map<string, Series>()

  /** `bounds` are the upper ends of the ranges, ascending; `+Inf` is added. */
  constructor({ name, help }: MetricFacts, sets: Sets, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.#sets = sets
    this.#bounds = bounds
    this.reset()
  }

  observe(labels: Labels<Sets>, value: number): void {
    const series = this.#of(labels)
    const found = this.#bounds.findIndex((bound) => value <= bound)
    const range = found < 0 ? this.#bounds.length : found
    series.counts[range] = (series.counts[range] ?? 0) + 1
    series.sum += value
    series.count += 1
  }

  /** The upper end of the range in which the share `q` (0–1) of observations is reached; 0 without any. */
  quantile(labels: Labels<Sets>, q: number): number {
    const { counts, count } = this.#of(labels)
    if (count === 0) return 0
    let left = q * count
    for (const [range, inIt] of counts.entries()) {
      left -= inIt
      if (left <= 0) return this.#bounds[range] ?? Infinity
    }
    return Infinity
  }

  /** Mean of all observations of one combination; 0 without any. */
  mean(labels: Labels<Sets>): number {
    const { sum, count } = this.#of(labels)
    return count === 0 ? 0 : sum / count
  }

  samples(): Sample[] {
    return [...this.#series].flatMap(([labels, { counts, sum, count }]) => {
      let cumulated = 0
      const buckets = counts.map((inIt, range): Sample => {
        cumulated += inIt
        return [`${this.name}_bucket${withBound(labels, this.#bounds[range])}`, cumulated]
      })
      return [...buckets, [`${this.name}_sum${labels}`, sum], [`${this.name}_count${labels}`, count]] as Sample[]
    })
  }

  reset(): void {
    for (const labels of combinations(this.#sets)) this.#series.set(labelText(this.#sets, labels), this.#empty())
  }

  #of(labels: Labels<Sets>): Series {
    return this.#series.get(labelText(this.#sets, labels)) ?? this.#empty()
  }

  #empty(): Series {
    return { counts: Array.from({ length: this.#bounds.length + 1 }, () => 0), sum: 0, count: 0 }
  }
}

function withBound(labels: string, bound: number | undefined): string {
  const le = `le="${bound ?? '+Inf'}"`
  return labels === '' ? `{${le}}` : `${labels.slice(0, -1)},${le}}`
}
