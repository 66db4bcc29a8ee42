import { expect, it } from 'vitest'
import { addressOf, placeOf } from './sections.ts'

it('finds the way back from an address, whatever the name', () => {
  for (const selected of [undefined, 'chat:lobby', 'a/b', '<img src=x>', '100 %']) {
    expect(placeOf(addressOf('channels', selected))).toEqual({ section: 'channels', selected })
  }
})

it('shows the overview where an address names nothing', () => {
  for (const hash of ['', '#', '#nowhere', '#__proto__']) expect(placeOf(hash).section).toBe('overview')
  expect(placeOf('#channels/%E0%A4%A')).toEqual({ section: 'channels', selected: undefined })
})
