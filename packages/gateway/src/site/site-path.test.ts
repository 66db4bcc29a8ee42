import { expect, it } from 'vitest'
import { isHashed, sitePath } from './site-path.ts'

it('finds files below the prefix, and the page at it', () => {
  expect(sitePath([], [''])).toBe('index.html')
  expect(sitePath([], ['assets', 'index-CMtUd4b3.js'])).toBe('assets/index-CMtUd4b3.js')
  expect(sitePath(['dashboard'], ['dashboard'])).toBe('index.html')
  expect(sitePath(['dashboard'], ['dashboard', ''])).toBe('index.html')
  expect(sitePath(['dashboard'], ['dashboard', 'mark.svg'])).toBe('mark.svg')
  expect(sitePath(['dashboard'], ['other', 'mark.svg'])).toBeUndefined()
})

it.each([
  [['..', 'package.json']],
  [['assets', '..', '..', 'package.json']],
  [['../package.json']],
  [['..\\package.json']],
  [['.git', 'config']],
  [['assets', '']],
  [['a\0.js']],
  [['/etc/passwd']],
  [['C:']],
])('finds no way out: %j', (segments) => {
  expect(sitePath([], segments)).toBeUndefined()
})

it('knows which names change with their content', () => {
  expect(isHashed('assets/index-CMtUd4b3.js')).toBe(true)
  expect(isHashed('assets/index-CMtUd4b3.js.map')).toBe(true)
  expect(isHashed('index.html')).toBe(false)
  expect(isHashed('mark.svg')).toBe(false)
})
