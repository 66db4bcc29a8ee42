// Web storage that may be missing, full or forbidden. A value that cannot be kept is as good as none.

/** Which of the two. */
export type StorageName = 'localStorage' | 'sessionStorage'

/** Reads a key; nothing when there is none or it may not be read. */
export function readStorage(storage: StorageName, key: string): string | null | undefined {
  try {
    return pageStorage(storage)?.getItem(key)
  } catch {
    return undefined
  }
}

/** Writes a key. */
export function writeStorage(storage: StorageName, key: string, value: string): void {
  try {
    pageStorage(storage)?.setItem(key, value)
  } catch {
    // Full or forbidden: merely naming a storage throws where cookies are blocked.
  }
}

/** Outside pages nothing is touched: Node warns about it. */
function pageStorage(storage: StorageName): Storage | undefined {
  return 'document' in globalThis ? globalThis[storage] : undefined
}
