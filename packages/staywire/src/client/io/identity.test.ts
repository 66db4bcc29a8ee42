import { afterEach, expect, it, vi } from 'vitest'
import { nextTerm, pageIdentity, randomId } from './identity.ts'

afterEach(() => vi.unstubAllGlobals())

/** One load of a page: its window, over storages that outlive it. */
function load(storages: { local: Map<string, string>; session: Map<string, string> }): EventTarget {
  const window = new EventTarget()
  const storage = (map: Map<string, string>) => ({
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  })
  vi.stubGlobal('document', {})
  vi.stubGlobal('localStorage', storage(storages.local))
  vi.stubGlobal('sessionStorage', storage(storages.session))
  vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
  return window
}

it('a random name has 96 bits', () => {
  expect(randomId()).toMatch(/^\d{1,10}-\d{1,10}-\d{1,10}$/)
  expect(randomId()).not.toBe(randomId())
})

it('a browser keeps its name, a tab keeps its name over reloads, a page load has its own', () => {
  const storages = { local: new Map<string, string>(), session: new Map<string, string>() }
  const window = load(storages)
  const first = pageIdentity()
  window.dispatchEvent(new Event('pagehide'))
  load(storages)
  const second = pageIdentity()
  expect([second.browser, second.tab]).toEqual([first.browser, first.tab])
  expect(second.page).not.toBe(first.page)
})

it('a duplicated tab, which begins with a copy of the storage, gets a name of its own', () => {
  const storages = { local: new Map<string, string>(), session: new Map<string, string>() }
  const window = load(storages)
  window.dispatchEvent(new Event('pagehide'))
  load(storages)
  const original = pageIdentity()
  load({ local: storages.local, session: new Map(storages.session) })
  const copy = pageIdentity()
  expect(copy.browser).toBe(original.browser)
  expect(copy.tab).not.toBe(original.tab)
})

it('a page that comes back from the cache takes its name with it again', () => {
  const storages = { local: new Map<string, string>(), session: new Map<string, string>() }
  const window = load(storages)
  const { tab } = pageIdentity()
  window.dispatchEvent(new Event('pagehide'))
  expect([...storages.session.values()]).toEqual([tab])
  window.dispatchEvent(new Event('pageshow'))
  expect([...storages.session.values()]).toEqual([''])
})

it('works where storage is forbidden', () => {
  vi.stubGlobal('document', {})
  vi.stubGlobal('addEventListener', () => {})
  for (const name of ['localStorage', 'sessionStorage']) {
    Object.defineProperty(globalThis, name, {
      configurable: true,
      get() {
        throw new DOMException('denied', 'SecurityError')
      },
    })
  }
  expect(pageIdentity()).toMatchObject({ browser: expect.any(String), tab: expect.any(String) })
  expect(nextTerm(1_000)).toBe(1_000)
  for (const name of ['localStorage', 'sessionStorage']) Reflect.deleteProperty(globalThis, name)
})

it('CLI-10: terms grow, also when the clock is set back', () => {
  load({ local: new Map(), session: new Map() })
  expect([nextTerm(1_000), nextTerm(1_000), nextTerm(500), nextTerm(9_000)]).toEqual([1_000, 1_001, 1_002, 9_000])
})
