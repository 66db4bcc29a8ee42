// What the pages of this suite show to the test that drives them.

import type { Inspection } from 'staywire/client'
import { COMPONENTS } from './wire.ts'

/** The page as a test drives it. */
export interface Visit {
  /** Goes to a room by the router; each has the same components on other channels. */
  go(room: string): void
  /** Hides or shows the component that can be put aside. */
  putAside(aside: boolean): void
  /** The page shows how things are. */
  shows(putAside: (aside: boolean) => void, aside: boolean): void
  /** `live` once every component of `room` that should be live is, of `edition` where that matters; until then how they stand. */
  stands(room: string, edition?: number): string
  /** Texts that the components of this room show, each with how many components show it. */
  shown(): Record<string, number>
  /** What all tabs of the browser hold. */
  inspect(): Promise<Inspection>
  /** What the console was warned of. */
  readonly warnings: string[]
}

let aside = false

/** Filled in by the page that imports this. */
export const visit: Visit = {
  go: () => {},
  putAside: () => {},
  inspect: () => Promise.reject(new Error('There is no client yet.')),
  warnings: [],
  shows(putAside, now) {
    visit.putAside = putAside
    aside = now
  },
  stands(room, edition) {
    const all = [...document.querySelectorAll<HTMLElement>(`[data-room="${room}"] [data-live]`)].map(
      ({ dataset }) => dataset,
    )
    const renewed = all.every((its) => edition === undefined || Number(its['edition'] ?? edition) === edition)
    const live = all.filter((its) => its['live'] === 'true').length >= COMPONENTS - Number(aside)
    return live && renewed ? 'live' : all.map((its) => `${its['live']}${its['edition'] ?? ''}`).join()
  },
  shown() {
    const shown: Record<string, number> = {}
    for (const { textContent: text } of document.querySelectorAll('.feed i')) shown[text] = (shown[text] ?? 0) + 1
    return shown
  },
}
const { warn } = console
console.warn = (...words: unknown[]) => {
  visit.warnings.push(words.join(' '))
  warn.apply(console, words)
}
Object.assign(window, { visit })
