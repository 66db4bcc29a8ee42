import { expect, it } from 'vitest'
import { unknownVariables } from './layers.ts'
import { SETTINGS } from './settings.ts'

it('gives every setting a flag, a variable, allowed values and a sentence of its own', () => {
  for (const { flag, variable, allowed, about } of SETTINGS) {
    expect(flag).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(variable).toMatch(/^STAYWIRE(_[A-Z]+)+$/)
    expect(allowed).not.toBe('')
    expect(about).toMatch(/\.$/)
  }
  for (const name of ['key', 'flag', 'variable'] as const) {
    expect(new Set(SETTINGS.map((setting) => setting[name])).size).toBe(SETTINGS.length)
  }
})

it('marks as secret what is one', () => {
  expect(SETTINGS.filter(({ secret }) => secret).map(({ key }) => key)).toEqual([
    'adminKey',
    'jwtSecret',
    'alerts.webhookSecret',
  ])
})

it('knows a misspelt variable', () => {
  const environment = { STAYWIRE_PROT: '1', STAYWIRE_PORT: '1', STAYWIRE_CONFIG: 'x', HOME: '/' }
  expect(unknownVariables(environment)).toEqual(['STAYWIRE_PROT'])
})
