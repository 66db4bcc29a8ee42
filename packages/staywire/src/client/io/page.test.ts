import { afterEach, expect, it, vi } from 'vitest'
import { listenForHints } from './page.ts'

afterEach(() => vi.unstubAllGlobals())

/** A window with a document, enough of both for their events. */
function stubPage(): {
  window: EventTarget
  document: EventTarget & { visibilityState: string }
  listeners: () => number
} {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible' })
  let listeners = 0
  vi.stubGlobal('addEventListener', (...args: Parameters<EventTarget['addEventListener']>) => {
    listeners++
    window.addEventListener(...args)
  })
  vi.stubGlobal('removeEventListener', (...args: Parameters<EventTarget['removeEventListener']>) => {
    listeners--
    window.removeEventListener(...args)
  })
  vi.stubGlobal('document', document)
  return { window, document, listeners: () => listeners }
}

it('tells what the page says, until it is told not to', () => {
  const { window, document, listeners } = stubPage()
  const hints: string[] = []
  const stop = listenForHints((hint) => hints.push(hint))
  for (const event of ['offline', 'online', 'pageshow', 'focus', 'resume']) window.dispatchEvent(new Event(event))
  document.visibilityState = 'hidden'
  window.dispatchEvent(new Event('visibilitychange'))
  for (const event of ['beforeunload', 'unload', 'pagehide']) window.dispatchEvent(new Event(event))
  expect(hints).toEqual(['offline', 'online', 'visible', 'visible', 'visible', 'hidden'])
  stop()
  window.dispatchEvent(new Event('online'))
  expect([hints.length, listeners()]).toEqual([6, 0])
})

it('in Node nobody says anything', () => {
  expect(() => listenForHints(() => {})()).not.toThrow()
})
