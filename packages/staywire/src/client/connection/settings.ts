// What a connection is made with, and what its upkeep is to it. Types only.

import type { ClientOptions, Transport } from '../api.ts'
import type { ConnectedFrame, ConnectFrame, ServerFrame } from '../../protocol/frame.ts'
import type { Ending } from './ending.ts'
import type { Rivalry } from './rivalry.ts'
import type { ConnectionState } from './state.ts'

/** What the page or machine around a client says. Hints only start a probe or cut a wait short; none is trusted alone. */
export type Hint = 'visible' | 'hidden' | 'online' | 'offline'

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly backoff?: ClientOptions['backoff']
  readonly connectTimeoutMs: number
  readonly transports: readonly Transport[]
  /** The one of them that has stayed up on this network before. */
  readonly recalled?: Transport | undefined
  readonly hidden?: ClientOptions['hidden']
  /** Not called here: without it no token is asked for. */
  readonly getToken?: ClientOptions['getToken']
  /** The term of the fence: above every earlier one of this browser. */
  readonly term: number
  /** The fields of `connect` that never change. */
  readonly hello: Pick<ConnectFrame, 'origin' | 'slot' | 'sdk'>
  /** What an owner of all tabs does about rivals. Its `hello` goes before the other. */
  readonly rivalry?: Rivalry
  /** Whether the network seems to be there at the start, as a page says that is not there itself. */
  readonly onLine?: boolean | undefined
}

/** How a connection, or the attempt at one, went until it ended. */
export interface Course {
  readonly at: number
  readonly dialledAt: number
  /** Whether the transport had opened. */
  readonly opened: boolean
  /** When something arrived last. */
  readonly heardAt: number
  readonly transport: Transport
  /** Where the connection stood until then. */
  readonly before: ConnectionState
}

/** What keeps a connection up, as the connection sees it. */
export interface ConnectionUpkeep {
  /** The transport to dial. */
  readonly transport: Transport
  /** The next step of a dial is waited for since then: that it opens, or that it is greeted. */
  step(at: number): void
  /** The app wants a connection: earlier failures do not count. */
  forgive(): void
  /** Cuts the wait for the next dial short, unless that was done a moment ago. */
  hurry(): void
  /** Connected. */
  up(frame: ConnectedFrame): void
  /** The connection is let go of; `replaced`: by another, which has its link. */
  dropped(replaced: boolean): void
  /** It is over: judges why, and what follows. */
  ended(ending: Ending, course: Course): void
  /** The server has spoken over this transport. */
  spoken(): void
  /** Whether a frame answers something of its own. */
  answered(frame: ServerFrame): boolean
  /** Whether the server has refused this token. */
  refused(token: string): boolean
  /** The app gave a token for the connection that is up, or none. */
  renew(token: string | null | undefined): void
  /** Another dial than the connection's has opened, or is over. */
  opened(dial: number): void
  lost(dial: number): void
  /** The page says something about itself. */
  hint(hint: Hint): void
  /** The timer fires, so much later than it was asked to: what follows from that goes before what is due. */
  late(lateMs: number): void
  /** The answer to a probe after a dial had failed. */
  probed(dial: number, answers: boolean): void
}
