/** How the load speaks to one kind of server, and how it tells deliveries from everything else without parsing them. */

/** What a frame is to the counts. */
export const OTHER = 0
export const DELIVERY = 1
export const ANSWER = 2
export type Kind = typeof OTHER | typeof DELIVERY | typeof ANSWER

/** What one connection is for. */
export interface Role {
  /** Its number, from 0. */
  readonly index: number
  /** The channels it joins, at least one. */
  readonly channels: readonly string[]
  /** Secret shared with servers that check tokens. */
  readonly secret: string
}

/** The wire of one kind of server, seen from the client. */
export interface Dialect {
  /** Path of the upgrade request. */
  path(role: Role): string
  /** Further request header lines. */
  readonly headers: readonly string[]
  /** Frames sent as soon as the upgrade is through. */
  opening(role: Role): readonly string[]
  /** Reads a frame that arrives before the connection is ready; undefined where the upgrade alone is enough. */
  readonly joining?: (text: string, role: Role) => Joining
  /** What the frame in `bytes` from `start` to `end` counts as. Called per frame in the measured window: looks, never parses. */
  kindOf(bytes: Buffer, start: number, end: number): Kind
  /** The answer to a frame of kind OTHER, where there is one (pings). */
  respond(text: string): string | undefined
  /** Asks for `body` back. */
  echo(id: number, body: string): string
  /** Publishes `body` from this client. */
  publish(id: number, channel: string, body: string, acknowledged: boolean): string
}

/** What a frame means while joining. Throwing means refused. */
export type Joining = 'ready' | 'wait' | { readonly send: string }
