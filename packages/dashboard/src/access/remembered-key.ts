// Keeps the admin key for this tab only, until it closes.

const STORED = 'staywire.admin-key'

/** The key of this tab, if one was given. */
export const rememberedKey = (): string | undefined => sessionStorage.getItem(STORED) ?? undefined

/** Keeps a key, or forgets it. */
export function rememberKey(key: string | undefined): void {
  if (key === undefined) sessionStorage.removeItem(STORED)
  else sessionStorage.setItem(STORED, key)
}
