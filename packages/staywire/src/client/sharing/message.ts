// What a tab and an owner in another thread say to each other: the calls of their ports as arrays, `[name, ...arguments]`, and
// what comes before them. Believes nobody: the other end may be another version of this library. PROTOCOL.md, PORT.

import type { ConnectionSettings, ConnectionUpkeep } from '../connection/settings.ts'
import type { OwnerPort, TabPort } from '../owner/port.ts'
import type { Traffic } from '../owner/traffic.ts'

/** The version of all this. Raised with every change that the other end must know of. PROTOCOL.md, PORT-1. */
export const PORT_VERSION = 2

/** What an owner is made with: what can be cloned of the options of the tab that comes first. */
export interface OwnerSettings extends Omit<ConnectionSettings, 'getToken'> {
  /** The URL to dial. */
  readonly url: string
  /** Whether frames are logged. */
  readonly debug: boolean
}

/** A tab introduces itself. Only `version` may be relied on before the versions are known to be the same. */
export interface Attach {
  readonly version: number
  /** Server path and identity: tabs of one key are on one connection. */
  readonly key: string
  /** Whether nobody said who the user is: then the server must not name one either. */
  readonly anonymous: boolean
  /** The lock that the tab holds, and has held since before it said this, until it is gone or suspended. No other attachment ever has it. */
  readonly lock: string
  readonly visible: boolean
  /** Whether it can be asked for a token. */
  readonly tokens: boolean
  readonly settings: OwnerSettings
}

/** The answer to `attach`, and to everything that is said by somebody who is not attached. */
export interface Hello {
  readonly version: number
  /** The name of this life of the owner. */
  readonly owner: string
  /** The lock of the attachment, where there is one. Without it the tab must attach (again). */
  readonly lock?: string | undefined
}

type Calls<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: infer Args) => void ? readonly [Name, ...Args] : never
}[keyof Port]

/** What an attached tab may say. */
export type OwnerCall = Calls<OwnerPort & Pick<ConnectionUpkeep, 'hint'>>

/** From a tab. */
export type ToOwner =
  | readonly ['attach', Attach]
  /** The tab is suspended or goes; `end`: with the session, if it was the last. */
  | readonly ['detach', end: boolean]
  /** Asks whether the owner is there: answered by `hello`. */
  | readonly ['ask']
  /** The answer to `check`. */
  | readonly ['checked']
  | OwnerCall

/** From an owner. */
export type ToTab =
  | readonly ['hello', Hello]
  /** Tabs on the connection, and what went over it. */
  | readonly ['about', tabs: number, traffic: Traffic]
  /** Much was said to the tab since it last said something: does it live? Answered by `checked`. */
  | readonly ['check']
  /** The browser has another name from now on, for the old one is another browser's too. */
  | readonly ['renamed', browser: string]
  /** There is nothing for this tab here, now or later. */
  | readonly ['unfit', why: string]
  | Calls<Omit<TabPort, 'wanted'>>

/** Every name that an owner understands. */
const TO_OWNER: ReadonlySet<unknown> = new Set<ToOwner[0]>([
  'attach',
  'detach',
  'ask',
  'checked',
  'connect',
  'need',
  'leave',
  'hint',
  'token',
  'subscribe',
  'unsubscribe',
  'request',
])

/** Every name that a tab understands. */
const TO_TAB: ReadonlySet<unknown> = new Set<ToTab[0]>([
  'hello',
  'about',
  'check',
  'renamed',
  'unfit',
  'state',
  'error',
  'askToken',
  'up',
  'down',
  'answer',
  'frame',
  'refused',
])

/** What was said to an owner; `undefined` for what it does not understand. */
export function toOwner(message: unknown): ToOwner | undefined {
  return understood(message, TO_OWNER) as ToOwner | undefined
}

/** What was said to a tab; `undefined` for what it does not understand. */
export function toTab(message: unknown): ToTab | undefined {
  return understood(message, TO_TAB) as ToTab | undefined
}

/** The two that other versions say too are looked at more closely. */
function understood(message: unknown, names: ReadonlySet<unknown>): readonly unknown[] | undefined {
  if (!Array.isArray(message) || !names.has(message[0])) return undefined
  const [name, about] = message as [unknown, { version?: unknown } | undefined]
  const introduction = name === 'attach' || name === 'hello'
  return introduction && typeof about?.version !== 'number' ? undefined : message
}
