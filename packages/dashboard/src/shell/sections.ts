// The sections of the page and the address of each: `#connections`.
import { useSyncExternalStore } from 'react'

/** In the order of the navigation. */
export const SECTIONS = [
  'overview',
  'connections',
  'closed',
  'users',
  'channels',
  'findings',
  'alerts',
  'node',
] as const

/** A section. */
export type Section = (typeof SECTIONS)[number]

/** Where the page is: a section, and the one thing in it that is looked at. */
export interface Place {
  readonly section: Section
  readonly selected: string | undefined
}

/** The address of a place. */
export function addressOf(section: Section, selected?: string): string {
  return selected === undefined ? `#${section}` : `#${section}/${encodeURIComponent(selected)}`
}

/** The place that an address names; the overview where it names none. */
export function placeOf(hash: string): Place {
  const [name, rest] = hash.replace(/^#/, '').split('/', 2)
  const section = SECTIONS.find((one) => one === name) ?? 'overview'
  return { section, selected: rest === undefined || rest === '' ? undefined : decoded(rest) }
}

/** Where the page is now. */
export function usePlace(): Place {
  return placeOf(useSyncExternalStore(onHash, () => location.hash))
}

/** Goes somewhere, as a link would. */
export function goTo(section: Section, selected?: string): void {
  location.hash = addressOf(section, selected)
}

function onHash(changed: () => void): () => void {
  addEventListener('hashchange', changed)
  return () => removeEventListener('hashchange', changed)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}
