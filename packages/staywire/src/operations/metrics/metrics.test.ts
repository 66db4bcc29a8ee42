import { beforeEach, describe, expect, it } from 'vitest'
import { Histogram } from './histogram.ts'
import { Counter, Reading } from './metric.ts'
import { MetricRegistry } from './registry.ts'

let registry: MetricRegistry
let there = 0
const made = () => ({
  closes: registry.add(new Counter({ name: 'closes_total', help: 'Closes.' }, { code: ['4102', '4103', 'other'] })),
  here: registry.add(new Reading('gauge', { name: 'here', help: 'Who is here.' }, {}, () => there)),
  seen: registry.add(new Reading('counter', { name: 'seen_total', help: 'Who was seen.' }, {}, () => there)),
  rtt: registry.add(new Histogram({ name: 'rtt', help: 'Round trip.' }, { by: ['a', 'b'] }, [1, 10])),
})
beforeEach(() => {
  registry = new MetricRegistry()
  there = 3
})

describe('metrics', () => {
  it('are all there at 0 from the start, with every combination of labels', () => {
    there = 0
    made()
    const samples = registry
      .text()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
    expect(samples.map((line) => line.split(' ')[1])).toEqual(samples.map(() => '0'))
    expect(samples).toContain('closes_total{code="4103"} 0')
    expect(samples).toContain('rtt_bucket{by="b",le="+Inf"} 0')
  })

  it('print as the Prometheus text format', () => {
    const { closes, rtt } = made()
    closes.add({ code: '4102' })
    for (const ms of [0.5, 5, 50]) rtt.observe({ by: 'a' }, ms)
    expect(registry.text().split('\n')).toEqual([
      '# HELP closes_total Closes.',
      '# TYPE closes_total counter',
      'closes_total{code="4102"} 1',
      'closes_total{code="4103"} 0',
      'closes_total{code="other"} 0',
      '# HELP here Who is here.',
      '# TYPE here gauge',
      'here 3',
      '# HELP seen_total Who was seen.',
      '# TYPE seen_total counter',
      'seen_total 3',
      '# HELP rtt Round trip.',
      '# TYPE rtt histogram',
      'rtt_bucket{by="a",le="1"} 1',
      'rtt_bucket{by="a",le="10"} 2',
      'rtt_bucket{by="a",le="+Inf"} 3',
      'rtt_sum{by="a"} 55.5',
      'rtt_count{by="a"} 3',
      'rtt_bucket{by="b",le="1"} 0',
      'rtt_bucket{by="b",le="10"} 0',
      'rtt_bucket{by="b",le="+Inf"} 0',
      'rtt_sum{by="b"} 0',
      'rtt_count{by="b"} 0',
      '',
    ])
  })

  it('count what they do not know as the last of its set, so that nobody makes a series', () => {
    const { closes } = made()
    for (let code = 0; code < 1_000; code++) closes.add({ code: `evil"\n${code}` })
    expect(closes.get({ code: 'other' })).toBe(1_000)
    expect(closes.samples()).toHaveLength(3)
  })

  it('can be read one series at a time, or all of one name together', () => {
    const { closes, rtt } = made()
    closes.add({ code: '4102' }, 2)
    closes.add({ code: '4103' })
    rtt.observe({ by: 'a' }, 7)
    const read = (series: string) => registry.read(series)
    expect([read('closes_total'), read('closes_total{code="4102"}'), read('here')]).toEqual([3, 2, 3])
    expect([read('rtt_sum'), read('rtt_count{by="a"}'), read('rtt_count{by="b"}')]).toEqual([7, 1, 0])
    expect([read('nothing'), read('closes_total{code="1"}'), read('clos')]).toEqual([undefined, undefined, undefined])
  })

  it('go back to 0 at a reset, but for gauges', () => {
    const { closes, rtt } = made()
    closes.add({ code: '4102' })
    rtt.observe({ by: 'a' }, 7)
    registry.reset()
    there = 5
    expect([registry.read('closes_total'), registry.read('rtt_count'), registry.read('rtt_sum')]).toEqual([0, 0, 0])
    expect([registry.read('here'), registry.read('seen_total')]).toEqual([5, 2])
  })

  it('tell a mean and a quantile of what they observed', () => {
    const { rtt } = made()
    expect([rtt.mean({ by: 'a' }), rtt.quantile({ by: 'a' }, 0.99)]).toEqual([0, 0])
    for (const ms of [0.5, 0.5, 0.5, 5]) rtt.observe({ by: 'a' }, ms)
    expect([rtt.mean({ by: 'a' }), rtt.quantile({ by: 'a' }, 0.5), rtt.quantile({ by: 'a' }, 0.99)]).toEqual([
      1.625, 1, 10,
    ])
  })

  it('have each name once', () => {
    made()
    expect(() => registry.add(new Counter({ name: 'closes_total', help: '' }, {}))).toThrow(TypeError)
  })
})
