import { expect, it } from 'vitest'
import { Emitter } from './emitter.ts'

interface Events {
  news: (text: string) => void
  other: () => void
}

const nothing = (): void => {}

it('calls the listeners of an event in the order in which they came', () => {
  const emitter = new Emitter<Events>()
  const seen: string[] = []
  emitter.on('news', (text) => seen.push(`1 ${text}`))
  emitter.on('other', () => seen.push('other'))
  emitter.on('news', (text) => seen.push(`2 ${text}`))
  emitter.emit('news', ['x'], nothing)
  expect(seen).toEqual(['1 x', '2 x'])
})

it('takes off exactly what was put on, though the same function listens twice', () => {
  const emitter = new Emitter<Events>()
  let calls = 0
  const listener = (): void => void calls++
  const undo = emitter.on('other', listener)
  emitter.on('other', listener)
  undo()
  undo()
  emitter.emit('other', [], nothing)
  expect(calls).toBe(1)
})

it('does not call a listener that another one took off meanwhile', () => {
  const emitter = new Emitter<Events>()
  const seen: string[] = []
  emitter.on('other', () => undo())
  const undo = emitter.on('other', () => seen.push('late'))
  emitter.emit('other', [], nothing)
  expect(seen).toEqual([])
})

it('reports what a listener throws and goes on', () => {
  const emitter = new Emitter<Events>()
  const seen: unknown[] = []
  emitter.on('other', () => {
    throw new Error('mine')
  })
  emitter.on('other', () => seen.push('next'))
  emitter.emit('other', [], (error) => seen.push((error as Error).message))
  expect(seen).toEqual(['mine', 'next'])
})
