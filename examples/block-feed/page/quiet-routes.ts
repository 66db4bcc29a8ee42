// Whether routes without anything live close the connection. Off unless somebody asks for it on the page about it.

const STORED = 'block-feed.close-on-quiet-routes'

/** The choice, kept in this browser. */
export const closesOnQuietRoutes = {
  get: (): boolean => localStorage.getItem(STORED) === '1',
  set: (on: boolean): void => localStorage.setItem(STORED, on ? '1' : '0'),
}
