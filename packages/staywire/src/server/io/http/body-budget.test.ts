import { expect, it } from 'vitest'
import { BodyBudget } from './body-budget.ts'

it('POST-11: counts what bodies hold beyond their free part, together, and gives it back', () => {
  const budget = new BodyBudget(100)
  const [one, two] = [budget.open(10), budget.open(10)]
  expect([one.take(6), one.take(64), two.take(50)]).toEqual([true, true, true])
  expect([one.take(1), two.take(1)]).toEqual([false, false])
  expect(budget.open(10).take(10)).toBe(true)
  one.close()
  expect(two.take(60)).toBe(true)
  two.close()
  two.close()
  expect([budget.open(0).take(101), budget.open(0).take(100)]).toEqual([false, true])
})
