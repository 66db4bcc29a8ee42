import { describe, expect, it } from 'vitest'
import { Agenda } from './agenda.ts'
import type { Request } from './request.ts'

const request = (channel: string | undefined, shares = false): Request => ({
  channel,
  shares,
  start: () => ({}),
  answered: () => ({}),
  failed: () => [],
})

describe('the agenda', () => {
  it('lets one request of a channel run at a time, in order, and others beside it', () => {
    const agenda = new Agenda()
    const [first, second, third] = [request('a'), request('a', true), request('a')]
    expect([
      agenda.take(first),
      agenda.take(second),
      agenda.take(third),
      agenda.take(request('b')),
      agenda.take(request(undefined)),
    ]).toEqual([true, false, false, true, true])
    expect([agenda.done(first), agenda.done(second), agenda.done(third)]).toEqual([second, third, undefined])
    expect(agenda.open).toBe(2)
  })

  it('lets requests of the sharing kind overtake the answer of those that are free, and nothing else', () => {
    const agenda = new Agenda()
    const [one, two, other, three] = [request('a', true), request('a', true), request('a'), request('a', true)]
    agenda.take(one)
    expect(agenda.take(two)).toBe(false)
    expect(agenda.free(one)).toBe(two)
    expect(agenda.free(two)).toBeUndefined()
    expect([agenda.take(other), agenda.take(three)]).toEqual([false, false])
    expect([agenda.done(two), agenda.done(one)]).toEqual([undefined, other])
    expect(agenda.done(other)).toBe(three)
  })

  it('redeems a ticket once, and only until its deadline', () => {
    const agenda = new Agenda()
    const [early, late] = [request('a'), request('b')]
    const tickets = [agenda.ask(early, 100), agenda.ask(late, 200)]
    expect(agenda.deadline).toBe(100)
    expect(agenda.expire(150)).toEqual([early])
    expect(tickets.map((ticket) => agenda.redeem(ticket))).toEqual([undefined, late])
    expect([agenda.redeem(tickets[1] as number), agenda.deadline]).toEqual([undefined, Infinity])
  })
})
