import { expect, it } from 'vitest'
import { Agenda } from '../agenda.ts'
import type { Env } from '../env.ts'
import type { AttachedTab } from './shared-owner.ts'
import { TokenDesk } from './token-desk.ts'

/** A desk, the tabs that were asked and what the owner was told. */
function setUp(...given: Partial<AttachedTab & { name: string }>[]) {
  const asked: string[] = []
  const told: unknown[][] = []
  const env = { now: 0, agenda: new Agenda(), random: () => 0, bytes: () => 0, out: [] } as Env
  const all = given.map(({ name = '', ...more }) => ({
    lock: name,
    tokens: true,
    visible: false,
    activeAt: 0,
    ...more,
    post: ([said, ticket]: readonly unknown[]) => asked.push(`${name} ${String(said)} ${String(ticket)}`),
  })) as AttachedTab[]
  const tabs = new Set(all)
  const desk = new TokenDesk(env, { token: (...args) => told.push(args) }, tabs)
  const pass = (ms: number): void => {
    env.now += ms
    env.agenda.tick(env.now)
  }
  return { desk, all, tabs, asked, told, pass, env }
}

it('PORT-9: asks one that is looked at, then the one that was active last, and none that has no tokens', () => {
  const { desk, asked, pass, told } = setUp(
    { name: 'old', activeAt: 1 },
    { name: 'none', tokens: false, visible: true },
    { name: 'seen', visible: true },
    { name: 'new', activeAt: 2 },
  )
  desk.ask(7)
  expect(asked).toEqual(['seen askToken 7'])
  pass(5_000)
  pass(5_000)
  expect(asked).toEqual(['seen askToken 7', 'new askToken 7', 'old askToken 7'])
  pass(5_000)
  expect(told).toEqual([[7, undefined, 'no tab gave one in time']])
})

it('PORT-9: a late answer counts, and only the first', () => {
  const { desk, all, told, pass, env } = setUp({ name: 'a', visible: true }, { name: 'b' })
  desk.ask(7)
  pass(5_000)
  desk.answer(all[0]!, 7, 'late')
  desk.answer(all[1]!, 7, 'second')
  expect([told, env.agenda.wakeAt]).toEqual([[[7, 'late', undefined]], Infinity])
})

it('PORT-9: a tab that has a problem or goes makes room for the next; the last problem is told', () => {
  const { desk, all, tabs, told, asked } = setUp(
    { name: 'a', visible: true },
    { name: 'b', activeAt: 1 },
    { name: 'c' },
  )
  desk.ask(7)
  desk.answer(all[0]!, 7, undefined, 'offline')
  tabs.delete(all[1]!)
  desk.gone(all[1]!)
  desk.answer(all[2]!, 7, undefined, 'down')
  expect([asked.length, told]).toEqual([3, [[7, undefined, 'down']]])
})

it('nobody signed in is an answer, and answers to an earlier question are none', () => {
  const { desk, all, told } = setUp({ name: 'a' })
  desk.ask(7)
  desk.ask(8)
  desk.answer(all[0]!, 7, 'old')
  desk.answer(all[0]!, 8, null)
  expect(told).toEqual([[8, null, undefined]])
})
