// Web storage that may be missing, full or forbidden. A value that cannot be kept is as good as none.

/** Which of the two. */
export type StorageName = 'localStorage' | 'sessionStorage'

/** Reads a key; `undefined` when there is none or it may not be read. Outside pages nothing is touched: Node warns about it. */
export function readStorage(storage: StorageName, key: string): string | undefined {
  return attempt(() => pageStorage(storage)?.getItem(key) ?? undefined)
}

/** Writes a key, or with `undefined` removes it. */
export function writeStorage(storage: StorageName, key: string, value: string | undefined): void {
  attempt(() => (value === undefined ? pageStorage(storage)?.removeItem(key) : pageStorage(storage)?.setItem(key, value)))
}

function pageStorage(storage: StorageName): Storage | undefined {
  return 'document' in globalThis ? globalThis[storage] : undefined
}

/** Merely naming a storage throws where cookies are blocked. */
function attempt<Value>(run: () => Value): Value | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}
