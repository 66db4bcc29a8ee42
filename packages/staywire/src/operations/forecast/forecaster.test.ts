import { describe, expect, it } from 'vitest'
import { Forecaster } from './forecaster.ts'

const DAY = 144
const course = (at: number): number => 1_000 + 400 * Math.sin((2 * Math.PI * at) / DAY)
/** A little noise that is the same each time. */
const noise = (at: number): number => 10 * Math.sin(at * 12.9898) * Math.cos(at * 78.233)

/** A forecaster that has seen `days` of the usual course. */
function seasoned(days: number): Forecaster {
  const forecaster = new Forecaster(DAY)
  for (let at = 0; at < days * DAY; at++) forecaster.learn(course(at) + noise(at))
  return forecaster
}

describe('Forecaster', () => {
  it('says nothing before it has seen ten values, and never judges them', () => {
    const forecaster = new Forecaster(DAY)
    const scores = Array.from({ length: 9 }, (_, at) => forecaster.learn(at % 2 === 0 ? 5 : 500))
    expect(scores).toEqual(Array.from({ length: 9 }, () => 0))
    expect(forecaster.ahead(1)).toBeUndefined()
    expect(forecaster.stepsUntil(0, 10)).toBeUndefined()
  })

  it('foresees the course of the day once it has seen some', () => {
    const forecaster = seasoned(3)
    for (const steps of [1, 6, 36, 72]) {
      expect(forecaster.ahead(steps)!.value).toBeGreaterThan(course(3 * DAY + steps - 1) - 60)
      expect(forecaster.ahead(steps)!.value).toBeLessThan(course(3 * DAY + steps - 1) + 60)
    }
    expect(forecaster.seasoned).toBe(true)
  })

  it('knows a quiet day of the week after one week', () => {
    const forecaster = new Forecaster(DAY)
    const ofWeek = (at: number): number => course(at) * (Math.floor(at / DAY) % 7 === 6 ? 0.5 : 1)
    for (let at = 0; at < 13 * DAY; at++) forecaster.learn(ofWeek(at))
    const noon = 13 * DAY + DAY / 2
    const expected = forecaster.ahead(DAY / 2 + 1)!.value
    expect(Math.abs(expected - ofWeek(noon))).toBeLessThan(Math.abs(expected - course(noon)) / 2)
  })

  it('says when a limit will be reached by what grows on top of the usual', () => {
    const forecaster = seasoned(8)
    // 5 more with every step: a leak.
    for (let step = 1; step <= 20; step++) forecaster.learn(course(8 * DAY + step - 1) + noise(step) + 5 * step)
    const said = forecaster.stepsUntil(1_550, 60)!
    let came = 1
    while (course(8 * DAY + 20 + came - 1) + 5 * (20 + came) < 1_550) came++
    expect(said).toBeGreaterThan(came * 0.7)
    expect(said).toBeLessThan(came * 1.4)
    expect(seasoned(8).stepsUntil(1_550, 60), 'without the leak it never is').toBeUndefined()
  })

  it('follows a line during the first day, when there is no shape to go by', () => {
    const forecaster = new Forecaster(1_440)
    for (let at = 0; at < 60; at++) forecaster.learn(100 + 10 * at)
    const said = forecaster.stepsUntil(1_000, 60)!
    expect(said).toBeGreaterThan(24)
    expect(said).toBeLessThan(46)
  })

  it('scores what it has never seen, and gets used to it', () => {
    const forecaster = seasoned(8)
    const usual = forecaster.learn(course(8 * DAY) + noise(1))
    const strange = forecaster.learn(course(8 * DAY + 1) + 300)
    expect(Math.abs(usual)).toBeLessThan(3)
    expect(strange).toBeGreaterThan(6)
    const later = Array.from({ length: 20 }, (_, step) =>
      forecaster.learn(course(8 * DAY + 2 + step) + 300 + noise(step)),
    )
    expect(Math.abs(later.at(-1)!)).toBeLessThan(1)
  })

  it('keeps no more numbers than a week has slots', () => {
    const short = seasoned(8)
    const long = seasoned(30)
    expect(JSON.stringify(long.ahead(1)).length).toBeLessThan(JSON.stringify(short.ahead(1)).length * 2)
  })
})
