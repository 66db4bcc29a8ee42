// All metrics of a node, and the page they make. It reads no clock and makes no metrics.

import type { Metric } from './metric.ts'

/** The content type of the page. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** A set of metrics, printed in the order they were added. */
export class MetricRegistry {
  readonly #metrics = new Map<string, Metric>()

  /** Adds a metric and gives it back. Throws a `TypeError` for a name that is taken. */
  add<Kind extends Metric>(metric: Kind): Kind {
    if (this.#metrics.has(metric.name)) throw new TypeError(`There is a metric ${metric.name} already.`)
    this.#metrics.set(metric.name, metric)
    return metric
  }

  /** The page in the Prometheus text format 0.0.4. */
  text(): string {
    const blocks = [...this.#metrics.values()].flatMap((metric) => [
      `# HELP ${metric.name} ${metric.help}`,
      `# TYPE ${metric.name} ${metric.kind}`,
      ...metric.samples().map(([series, value]) => `${series} ${value}`),
    ])
    return `${blocks.join('\n')}\n`
  }

  /**
   * One number: `name{label="value"}` reads one series as the page prints it (`name_count` and `name_sum` of a histogram too), a bare
   * name that has labels reads all its series together; `undefined` when there is none of that name.
   */
  read(series: string): number | undefined {
    const name = /^[^{]*/.exec(series)?.[0] ?? ''
    const metric = this.#metrics.get(name) ?? this.#metrics.get(name.replace(/_(bucket|count|sum)$/, ''))
    if (metric === undefined) return undefined
    const fitting = metric.samples().filter(([own]) => own === series || own.startsWith(`${series}{`))
    return fitting.length === 0 ? undefined : fitting.reduce((sum, [, value]) => sum + value, 0)
  }

  /** Counters and histograms back to 0; gauges stay. */
  reset(): void {
    for (const metric of this.#metrics.values()) metric.reset()
  }

  [Symbol.iterator](): IterableIterator<Metric> {
    return this.#metrics.values()
  }
}
