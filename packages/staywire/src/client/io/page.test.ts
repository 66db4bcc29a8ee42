import { afterEach, expect, it, vi } from 'vitest'
import { listenForLife } from './page-life.ts'
import { listenForHints, shown } from './page.ts'

afterEach(() => vi.unstubAllGlobals())

/** A window with a document, enough of both for their events. */
function stubPage(): {
  window: EventTarget
  document: EventTarget & { visibilityState: string; prerendering: boolean }
  listeners: () => number
} {
  const window = new EventTarget()
  const document = Object.assign(new EventTarget(), { visibilityState: 'visible', prerendering: false })
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

it('LIFE-1: tells what the page says, until it is told not to', () => {
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

/** What a page tells of its life, event by event. */
function lived({ window }: ReturnType<typeof stubPage>): {
  told: string[]
  fire: (...events: string[]) => void
  stop: () => void
} {
  const told: string[] = []
  const stop = listenForLife({ suspended: () => told.push('suspended'), resumed: () => told.push('resumed') })
  return { told, stop, fire: (...events) => events.forEach((event) => window.dispatchEvent(new Event(event))) }
}

it('LIFE-2: tells that the page is put aside and frozen, in the order in which browsers say it, and that it is back', () => {
  const page = stubPage()
  const { told, fire, stop } = lived(page)
  fire('beforeunload', 'pagehide')
  page.document.visibilityState = 'hidden'
  fire('visibilitychange', 'freeze')
  expect(told.splice(0)).toEqual(['suspended', 'suspended'])
  fire('resume')
  expect(told.splice(0)).toEqual(['resumed'])
  page.document.visibilityState = 'visible'
  fire('visibilitychange', 'pageshow', 'focus')
  expect(told.splice(0)).toEqual(['resumed', 'resumed', 'resumed'])
  stop()
  fire('pagehide', 'pageshow')
  expect([told, page.listeners()]).toEqual([[], 0])
})

it('LIFE-3: a page that is rendered in advance waits until it is shown', async () => {
  const { document } = stubPage()
  document.prerendering = true
  const told: string[] = []
  const waiting = shown().then(() => told.push('shown'))
  await Promise.resolve()
  expect(told).toEqual([])
  document.dispatchEvent(new Event('prerenderingchange'))
  await waiting
  document.prerendering = false
  await shown()
  expect(told).toEqual(['shown'])
})

it('in Node nobody says anything, nor waits', async () => {
  await shown()
  expect(() => {
    listenForHints(() => {})()
    listenForLife({ suspended: () => expect.unreachable(), resumed: () => expect.unreachable() })()
  }).not.toThrow()
})
