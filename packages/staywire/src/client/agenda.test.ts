import { expect, it } from 'vitest'
import { Agenda } from './agenda.ts'

function setUp() {
  const done: string[] = []
  const agenda = new Agenda()
  return {
    agenda,
    done,
    put: (key: unknown, at: number, what = String(key)) => agenda.set(key, at, () => done.push(what)),
  }
}

it('does what is due, once', () => {
  const { agenda, done, put } = setUp()
  put('a', 10)
  put('b', 20)
  expect(agenda.wakeAt).toBe(10)
  agenda.tick(9)
  agenda.tick(10)
  agenda.tick(15)
  expect([done, agenda.wakeAt]).toEqual([['a'], 20])
  agenda.tick(50)
  expect([done, agenda.wakeAt]).toEqual([['a', 'b'], Infinity])
})

it('keeps one time for a key', () => {
  const { agenda, done, put } = setUp()
  put('a', 10, 'first')
  put('a', 30, 'second')
  agenda.tick(20)
  expect([done, agenda.has('a'), agenda.wakeAt]).toEqual([[], true, 30])
  agenda.tick(30)
  expect([done, agenda.has('a')]).toEqual([['second'], false])
})

it('forgets what is deleted, also by what is done before it in the same turn', () => {
  const { agenda, done, put } = setUp()
  agenda.set('a', 10, () => agenda.delete('b'))
  put('b', 10)
  agenda.tick(10)
  expect([done, agenda.wakeAt]).toEqual([[], Infinity])
})

it('what comes due in the same turn waits for the next: nothing runs in a circle', () => {
  const { agenda } = setUp()
  let times = 0
  const again = (): void => {
    times++
    agenda.set('a', 10, again)
  }
  again()
  agenda.tick(10)
  expect([times, agenda.wakeAt]).toEqual([2, 10])
})
