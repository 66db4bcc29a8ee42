import fc from 'fast-check'
import { expect, it } from 'vitest'
import { EncodedFrame } from './encoded-frame.ts'
import { Sinks, type Sink } from './sinks.ts'

it('is a set of sinks, whoever comes and goes in whatever order', () => {
  const step = fc.record({ come: fc.boolean(), who: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const told: number[] = []
      const everybody: Sink[] = [0, 1, 2, 3].map((number) => ({ send: () => void told.push(number) }))
      const sinks = new Sinks()
      const model = new Set<Sink>()
      for (const { come, who } of steps) {
        const sink = everybody[who] as Sink
        if (come) {
          sinks.add(sink)
          model.add(sink)
        } else expect(sinks.delete(sink)).toBe(model.delete(sink))
        expect([sinks.size, ...sinks.all]).toEqual([model.size, ...model])
      }
      sinks.send(new EncodedFrame('x'))
      expect(told).toEqual(Array.from(model, (sink) => everybody.indexOf(sink)))
    }),
  )
})
