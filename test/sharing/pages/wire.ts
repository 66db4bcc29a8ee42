// The two ways in which a component can get messages: over the one connection of the browser, or over a Socket.IO client of
// its own, as the guides of that library show it. The components above are the same.

/** What a component shows: how it stands, and what it got. */
export interface Messages {
  readonly live: boolean
  readonly texts: readonly string[]
}

/** Who visits, and over what: from the address of the page. */
export const visitor = {
  user: new URLSearchParams(location.search).get('user') ?? 'ada',
  over: new URLSearchParams(location.search).get('over') ?? 'staywire',
}

/** A token from the site. */
export const getToken = async (): Promise<string> => (await fetch(`/token?user=${visitor.user}`)).text()

/** How many components a room has. */
export const COMPONENTS = 10
/** How many channels they share. */
const CHANNELS = 5

/** The channel of component `index` in a room. */
export const channelOf = (room: string, index: number): string => `chat:${room}-${index % CHANNELS}`
