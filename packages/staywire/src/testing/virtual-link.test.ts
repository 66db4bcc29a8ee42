import { expect, it } from 'vitest'
import { VirtualLink } from './virtual-link.ts'
import { VirtualTime } from './virtual-time.ts'

function setUp() {
  const time = new VirtualTime(0)
  const link = new VirtualLink(time, () => 100)
  const got: string[] = []
  link.connect('server', { text: (text) => got.push(text), closed: (code) => got.push(`closed ${code}`) })
  return { time, link, got }
}

it('keeps the order of what was sent, also of what was on its way when the path fell silent', () => {
  const { time, link, got } = setUp()
  link.send('client', '1')
  time.advance(50)
  link.stall('client')
  link.send('client', '2')
  time.advance(1_000)
  link.send('client', '3')
  link.restore()
  link.send('client', '4')
  time.advance(100)
  expect(got).toEqual(['1', '2', '3', '4'])
})

it('tells nothing before what was sent before it, though that was held up and this was not', () => {
  const time = new VirtualTime(0)
  let latencyMs = 100
  const link = new VirtualLink(time, () => latencyMs)
  const got: string[] = []
  link.connect('server', { text: (text) => got.push(text), closed: () => undefined })
  link.send('client', '1')
  latencyMs = 5_000
  link.send('client', '2')
  link.stall('client')
  time.advance(1_000)
  link.restore()
  time.advance(4_500)
  expect(got).toEqual([])
  time.advance(1_000)
  expect(got).toEqual(['1', '2'])
})

it('tells what had arrived while nobody read at once, and what was on its way when it comes', () => {
  const { time, link, got } = setUp()
  link.pauseReading('server')
  link.send('client', '1')
  time.advance(200)
  link.resumeReading('server')
  link.send('client', '2')
  time.advance(0)
  expect(got).toEqual(['1'])
  time.advance(100)
  expect(got).toEqual(['1', '2'])
})

it('loses what is on its way when it is cut, and tells both sides', () => {
  const { time, link, got } = setUp()
  link.send('client', '1')
  link.cut()
  time.advance(1_000)
  expect([got, link.over]).toEqual([['closed undefined'], true])
})
