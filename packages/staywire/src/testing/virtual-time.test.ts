import fc from 'fast-check'
import { expect, it } from 'vitest'
import { seededRandom } from './seeded-random.ts'
import { VirtualLink, type Side } from './virtual-link.ts'
import { VirtualTime } from './virtual-time.ts'

it('runs what is scheduled in order of time, then of scheduling', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (delays) => {
      const time = new VirtualTime(0)
      const seen: [number, number][] = []
      for (const [index, delay] of delays.entries()) time.schedule(delay, () => seen.push([time.now, index]))
      time.advance(50)
      expect(seen).toEqual(
        delays.map((delay, index): [number, number] => [delay, index]).sort((a, b) => a[0] - b[0] || a[1] - b[1]),
      )
    }),
  )
})

it('forgets what is cancelled and counts what waits', () => {
  const time = new VirtualTime(0)
  const seen: string[] = []
  const cancel = time.schedule(5, () => seen.push('cancelled'))
  time.schedule(6, () => seen.push('kept'))
  cancel()
  cancel()
  expect(time.pending).toBe(1)
  time.advance(10)
  expect([time.pending, time.nextAt]).toEqual([0, Infinity])
  expect(seen).toEqual(['kept'])
})

it('gives the same numbers for the same seed and purpose, others for others', () => {
  const take = (...purpose: (string | number)[]): number[] => {
    const random = seededRandom(7, ...purpose)
    return Array.from({ length: 4 }, () => random())
  }
  expect(take('link', 1)).toEqual(take('link', 1))
  expect(take('link', 1)).not.toEqual(take('link', 2))
})

function setUp(latency = 10) {
  const time = new VirtualTime(0)
  const link = new VirtualLink(time, () => latency)
  const seen: string[] = []
  for (const side of ['client', 'server'] as const satisfies Side[]) {
    link.connect(side, {
      text: (text) => seen.push(`${time.now} ${side} got ${text}`),
      closed: (code) => seen.push(`${time.now} ${side} closed ${code ?? 'without a code'}`),
    })
  }
  return { time, link, seen }
}

it('carries texts in order after the latency, and the close code behind them', () => {
  const { time, link, seen } = setUp()
  link.send('client', 'a')
  link.send('client', 'b')
  link.close('client', 1000)
  link.send('client', 'late')
  time.advance(100)
  expect(seen).toEqual(['10 server got a', '10 server got b', '10 server closed 1000'])
  expect(link.over).toBe(true)
})

it('tells both sides of a cut, and loses what was on its way', () => {
  const { time, link, seen } = setUp()
  link.send('client', 'lost')
  link.cut()
  time.advance(100)
  expect(seen).toEqual(['10 client closed without a code', '10 server closed without a code'])
})

it('tells nobody of a stall, and delivers what waited when restored', () => {
  const { time, link, seen } = setUp()
  link.send('server', 'on its way')
  link.stall('server')
  link.send('client', 'the other way')
  time.advance(1_000)
  link.send('server', 'later')
  expect(seen).toEqual(['10 server got the other way'])
  link.restore()
  time.advance(10)
  expect(seen.slice(1)).toEqual(['1010 client got on its way', '1010 client got later'])
})
