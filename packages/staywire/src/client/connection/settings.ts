// What a connection is made with, and what it needs of whoever holds it. Types only.

import type { ClientOptions, Transport } from '../api.ts'
import type { ClientFrame, ConnectedFrame, ConnectFrame, ServerFrame } from '../../protocol/frame.ts'
import type { TabPort } from '../owner/port.ts'
import type { Rivalry } from './rivalry.ts'

/** What the page or machine around a client says. Hints only start a probe or cut a wait short; none is trusted alone. */
export type Hint = 'visible' | 'hidden' | 'online' | 'offline'

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly backoff?: ClientOptions['backoff']
  readonly connectTimeoutMs: number
  readonly transports: readonly Transport[]
  /** What has stayed up on this network before. */
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
  /** Whether the network seems to be there at the start. */
  readonly onLine?: boolean | undefined
}

/** Whoever holds a connection. Calls come in the order of what happened; the connection is at rest during each. */
export interface ConnectionHost {
  /** Whom the state of the connection is told. */
  readonly tab: Pick<TabPort, 'state' | 'error' | 'askToken'>
  /** The subscriptions of the moment, for `connect`. */
  restate(): ConnectFrame['subscriptions']
  send(frame: ClientFrame): void
  up(frame: ConnectedFrame): void
  down(): void
  /** A frame that is not the connection's own business. */
  frame(frame: ServerFrame): void
}
