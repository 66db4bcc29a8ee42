// What a connection machine is told and what it answers with. Types only.

import type { Cause, ClientOptions, ConnectionError, Status } from '../api.ts'
import type { ClientFrame, ConnectedFrame, ConnectFrame, Fence, ServerFrame } from '../../protocol/frame.ts'

/** What the page or machine around a client says. Hints only start a probe or cut a wait short; none is trusted alone. */
export type Hint = 'visible' | 'hidden' | 'online' | 'offline'

/** What the connection is told. `dial` and `ticket` are those of the output that is answered; answers to older ones are ignored. */
export type ConnectionInput =
  /** The app wants a connection: tries again whatever the status, unless closed. */
  | { readonly type: 'connect' }
  /** There is something to do: dials from `idle` and `asleep`. */
  | { readonly type: 'need' }
  | { readonly type: 'disconnect'; readonly end: boolean }
  | { readonly type: 'close' }
  /** `problem`: why there is none; without both, nobody is signed in. */
  | { readonly type: 'token'; readonly ticket: number; readonly token?: string | null | undefined; readonly problem?: string }
  | { readonly type: 'opened'; readonly dial: number }
  /** Without `frame`: something arrived that is none. */
  | { readonly type: 'frame'; readonly frame: ServerFrame | undefined }
  | ({ readonly type: 'ended'; readonly dial: number } & LinkEnding)
  | { readonly type: 'hint'; readonly hint: Hint }
  /** Time has come to `wakeAt`; `lateMs` after it was asked for. */
  | { readonly type: 'tick'; readonly lateMs: number }

/** How the transport says that it is over. */
export interface LinkEnding {
  readonly code?: number | undefined
  readonly reason?: string | undefined
  /** There can be no transport in this runtime, or not to this URL. */
  readonly hopeless?: boolean
}

/** What the connection wants done. */
export type ConnectionOutput =
  | { readonly type: 'ask-token'; readonly ticket: number }
  | { readonly type: 'open'; readonly dial: number }
  /** The transport is open: send `connect` with these fields and the subscriptions of the moment. */
  | { readonly type: 'greet'; readonly frame: ConnectFrame }
  | { readonly type: 'send'; readonly frame: ClientFrame }
  /** Take the handlers off the transport, close it and forget it. */
  | { readonly type: 'abandon' }
  | { readonly type: 'up'; readonly frame: ConnectedFrame }
  | { readonly type: 'down' }
  /** A frame that is not the connection's own business. */
  | { readonly type: 'frame'; readonly frame: ServerFrame }
  | { readonly type: 'state'; readonly state: ConnectionState }
  | { readonly type: 'error'; readonly error: ConnectionError }
  /** The last error, now that the server has told its side of it. */
  | { readonly type: 'corrected'; readonly error: ConnectionError }

/** Where a connection stands, as `stats()` shows it. Times in milliseconds of the machine's clock. */
export interface ConnectionState {
  readonly status: Status
  readonly cause: Cause | undefined
  readonly retryAt: number | undefined
  readonly connection: string | undefined
  readonly user: string | undefined
  readonly rttMs: number | undefined
  readonly attempts: number
  readonly reconnects: number
  readonly connectedAt: number | undefined
}

/** What a connection is made with. */
export interface ConnectionSettings {
  readonly backoff?: ClientOptions['backoff']
  readonly connectTimeoutMs: number
  /** Whether the app gives tokens. */
  readonly hasToken: boolean
  /** The term of the fence: above every earlier one of this browser. */
  readonly term: number
  /** The fields of `connect` that never change. */
  readonly introduction: Pick<ConnectFrame, 'origin' | 'slot' | 'sdk'>
  readonly random: () => number
  /** Whether the network seems to be there at the start. */
  readonly onLine?: boolean | undefined
}

/** A fence is made anew for each dial. */
export type { Fence }
