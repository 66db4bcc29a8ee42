/** Medians, and how sure they are. */

/** The middle of a list, or the mean of the two in the middle; NaN of nothing. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/**
 * Between which of the values the median of what they were drawn from is, with at least 95 % probability: order statistics, whatever the
 * distribution. The least and the most of fewer than eleven.
 */
export function medianRange(values: readonly number[]): readonly [least: number, most: number] {
  const sorted = values.toSorted((a, b) => a - b)
  const nth = Math.max(0, Math.floor((sorted.length - 1.96 * Math.sqrt(sorted.length)) / 2) - 1)
  return [sorted[nth] ?? Number.NaN, sorted[sorted.length - 1 - nth] ?? Number.NaN]
}
