// What tabs say to each other about who leads. Read from whatever arrives: another version of this library may have said it.

/** A word of an election. */
export type Word =
  /** I lead, under this term. `handsOver`: I would rather not, if a visible tab waits. */
  | { readonly word: 'beat'; readonly leader: string; readonly term: number; readonly handsOver: boolean }
  /** Does anybody lead? */
  | { readonly word: 'ask' }
  /** I am visible, and wait. */
  | { readonly word: 'here' }

/** The word that this is; `undefined` for anything else. */
export function readWord(value: unknown): Word | undefined {
  const { word, leader, term, handsOver } = (value ?? {}) as Record<string, unknown>
  if (word === 'ask' || word === 'here') return { word }
  if (word !== 'beat' || typeof leader !== 'string' || !Number.isSafeInteger(term)) return undefined
  return { word, leader, term: term as number, handsOver: handsOver === true }
}
