// What tabs say to each other about who leads. Read from whatever arrives: another version of this library may have said it.

/** A word of an election. */
export type Word =
  /**
   * I lead, under this term. `handsOver`: I would rather not, if a visible tab waits. `houses`: the keys (PORT) of the owners that
   * are here, which speak this version.
   */
  | {
      readonly word: 'beat'
      readonly leader: string
      readonly term: number
      readonly handsOver: boolean
      readonly version?: number
      readonly houses?: readonly string[]
    }
  /** Does anybody lead? */
  | { readonly word: 'ask' }
  /** I am visible, and wait. */
  | { readonly word: 'here' }

/** The word that this is; `undefined` for anything else. */
export function readWord(value: unknown): Word | undefined {
  const { word, leader, term, handsOver, version, houses } = (value ?? {}) as Record<string, unknown>
  if (word === 'ask' || word === 'here') return { word }
  if (word !== 'beat' || typeof leader !== 'string' || !Number.isSafeInteger(term)) return undefined
  const beat = { word, leader, term: term as number, handsOver: handsOver === true } as const
  return typeof version === 'number' && Array.isArray(houses) ? { ...beat, version, houses } : beat
}
