// Who opens connections, in random names: browser profile, tab, page load. None says anything about a person.

import type { OriginLabel } from '../../protocol/frame.ts'
import { readStorage, writeStorage } from './storage.ts'

/** The names of a page, one set per page load. */
export type PageIdentity = Required<Pick<OriginLabel, 'tab' | 'page'>> & Pick<OriginLabel, 'browser'>

const BROWSER = 'staywire:browser'
const TAB = 'staywire:tab'
const TERM = 'staywire:term'

/** 96 random bits, as at most 32 digits and hyphens. */
export function randomId(): string {
  return crypto.getRandomValues(new Uint32Array(3)).join('-')
}

/**
 * The names of this page. The tab's name lies in `sessionStorage` only while no page of the tab is loaded: a duplicated tab
 * or a frame, which get a copy of the storage, must not take the same name, or the server would let one replace the other.
 */
export function pageIdentity(): PageIdentity {
  const page = randomId()
  if (!('document' in globalThis)) return { tab: page, page }
  const tab = readStorage('sessionStorage', TAB) || page
  const browser = keptBrowser() ?? page
  const lay = ({ type }: { type: string }): void => writeStorage('sessionStorage', TAB, type === 'pagehide' ? tab : '')
  renameBrowser(browser)
  lay({ type: '' })
  addEventListener('pagehide', lay)
  addEventListener('pageshow', lay)
  return { browser, tab, page }
}

/** The name of this browser as it is kept, where it is. */
export function keptBrowser(): string | undefined {
  return readStorage('localStorage', BROWSER) || undefined
}

/** Keeps another name of this browser. PROTOCOL.md, ELECT-11. */
export function renameBrowser(name: string): void {
  writeStorage('localStorage', BROWSER, name)
}

/** A term for fences above every earlier one of this browser. PROTOCOL.md, CLI-10. */
export function nextTerm(now: number): number {
  const term = Math.max((Number(readStorage('localStorage', TERM)) || 0) + 1, now)
  writeStorage('localStorage', TERM, `${term}`)
  return term
}
