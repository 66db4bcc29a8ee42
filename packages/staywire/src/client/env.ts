// What the machines of a client stand on: the time they are told, chance, and the list of what they want done. They are
// told things by calls, after `now` was set; what they want done goes out as data, and nothing of it happens before they are
// at rest again.

import type { Agenda } from './agenda.ts'
import type { Transport } from './api.ts'

/** Whom an event is for. */
export interface Listening {
  emit(event: string, args: readonly unknown[], report: (error: unknown) => void): void
}

/** What can be wanted of the world, by name. */
export interface Effects {
  /** Dial. */
  open(dial: number, transport: Transport): void
  /** Dial beside what was opened last, which stays in use. */
  try(dial: number, transport: Transport): void
  /** What was opened beside takes the place of what was opened last, or is abandoned. */
  take(place: boolean): void
  /** Load what keeps a connection up. */
  equip(): void
  /** Ask whether the server answers at all. */
  probe(dial: number): void
  /** Keep that a transport works here. */
  remember(transport: Transport): void
  /** Send a text over what was opened last. */
  write(text: string): void
  /** Take the handlers off whatever was opened, close it and forget it. */
  abandon(): void
  /** Ask the app for a token. */
  askToken(ticket: number): void
  /** Tell the app. `later`: not before its own turn is over, for it has had no time to listen. */
  emit(to: Listening, event: string, args: readonly unknown[], later?: boolean): void
}

/** One thing wanted: its name and arguments. */
export type Effect = { [Name in keyof Effects]: readonly [Name, ...Parameters<Effects[Name]>] }[keyof Effects]

/** Shared by the machines of one thread. */
export interface Env {
  /** The time, milliseconds; the same for all that is done in one turn. */
  now: number
  /** In [0, 1). */
  readonly random: () => number
  /** The length of a text in UTF-8. */
  readonly bytes: (text: string) => number
  /** What is to be done, in order. */
  readonly out: Effect[]
  /** What is to be done later. */
  readonly agenda: Agenda
}
