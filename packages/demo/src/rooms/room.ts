// What a page knows of one room, and how each thing that happens changes it. Pure: no client, no clock.

import type { Gap, Publication } from 'staywire/client'

/** A stored message. */
export interface Message {
  readonly offset: number
  readonly from: string | undefined
  readonly text: string
  /** Unix milliseconds. */
  readonly at: number
  readonly key: string | undefined
}

/** One's own message that the server has not acknowledged. */
export interface Draft {
  readonly key: string
  readonly text: string
  readonly at: number
  /** `uncertain`: nobody can tell whether it was stored. */
  readonly state: 'pending' | 'failed' | 'uncertain'
}

/** A room. Offsets mean something only inside one epoch, so what an older one left is kept apart. */
export interface Room {
  readonly epoch: string | undefined
  /** Ascending by offset, each offset once. */
  readonly messages: readonly Message[]
  /** What was on the page when the epoch changed; its offsets mean nothing any more. */
  readonly past: readonly Message[]
  readonly drafts: readonly Draft[]
  readonly history: 'none' | 'loading' | 'failed' | 'partial' | 'complete'
  /** Publications that could not be recovered, until the history is loaded again. `missed` is absent when it cannot be known. */
  readonly gap: { readonly missed?: number } | undefined
}

/** A room of which nothing is known yet. */
export const EMPTY_ROOM: Room = {
  epoch: undefined,
  messages: [],
  past: [],
  drafts: [],
  history: 'none',
  gap: undefined,
}

/** What can happen to a room. */
export type RoomAction =
  | { readonly type: 'publication'; readonly publication: Publication }
  | { readonly type: 'gap'; readonly gap: Gap }
  | { readonly type: 'history-wanted' }
  | { readonly type: 'history-failed' }
  /** A page of history; `newest`: asked for without an upper bound. `full`: as long as was asked for, so there may be more. */
  | {
      readonly type: 'history'
      readonly publications: readonly Publication[]
      readonly epoch: string
      readonly newest: boolean
      readonly full: boolean
    }
  | { readonly type: 'drafted'; readonly draft: Draft }
  | { readonly type: 'stored'; readonly key: string; readonly offset: number; readonly user: string }
  | { readonly type: 'refused'; readonly key: string; readonly uncertain: boolean }
  | { readonly type: 'discarded'; readonly key: string }

/** The room after `action`. */
export function roomReducer(room: Room, action: RoomAction): Room {
  switch (action.type) {
    case 'publication':
      return arrived(room, toMessage(action.publication))
    case 'gap':
      return gapped(room, action.gap)
    case 'history-wanted':
      return { ...room, history: 'loading' }
    case 'history-failed':
      return { ...room, history: 'failed' }
    case 'history':
      return paged(room, action)
    case 'drafted':
      return { ...room, drafts: [...without(room.drafts, action.draft.key), action.draft] }
    case 'stored':
      return stored(room, action)
    case 'refused':
      return { ...room, drafts: room.drafts.map((draft) => (draft.key === action.key ? refuse(draft, action) : draft)) }
    case 'discarded':
      return { ...room, drafts: without(room.drafts, action.key) }
  }
}

function arrived(room: Room, message: Message): Room {
  return { ...room, messages: merge(room.messages, [message]), drafts: without(room.drafts, message.key) }
}

function gapped(room: Room, { from, to }: Gap): Room {
  if (from.epoch === to.epoch) return { ...room, epoch: to.epoch, gap: { missed: to.offset - from.offset } }
  return { ...room, epoch: to.epoch, past: [...room.past, ...room.messages], messages: [], gap: {} }
}

/** A newest page heals a gap: it replaces what was there, but for what arrived after it. */
function paged(room: Room, page: Extract<RoomAction, { type: 'history' }>): Room {
  const history = page.full ? 'partial' : 'complete'
  const items = page.publications.map(toMessage)
  const same = room.epoch === undefined || room.epoch === page.epoch
  const heals = page.newest && (room.gap !== undefined || !same)
  const last = items.at(-1)?.offset ?? 0
  const kept = !heals ? room.messages : same ? room.messages.filter(({ offset }) => offset > last) : []
  if (!page.newest && !same) return { ...room, history: 'failed' }
  const messages = merge(kept, items)
  const keys = new Set(items.map(({ key }) => key))
  return {
    epoch: page.epoch,
    messages,
    past: heals ? [] : room.past,
    drafts: room.drafts.filter(({ key }) => !keys.has(key)),
    history,
    gap: page.newest ? undefined : room.gap,
  }
}

function stored(room: Room, { key, offset, user }: Extract<RoomAction, { type: 'stored' }>): Room {
  const draft = room.drafts.find((candidate) => candidate.key === key)
  if (draft === undefined) return room
  return arrived(room, { offset, key, from: user, text: draft.text, at: draft.at })
}

function refuse(draft: Draft, { uncertain }: { readonly uncertain: boolean }): Draft {
  return { ...draft, state: uncertain ? 'uncertain' : 'failed' }
}

function without(drafts: readonly Draft[], key: string | undefined): readonly Draft[] {
  return drafts.some((draft) => draft.key === key) ? drafts.filter((draft) => draft.key !== key) : drafts
}

function merge(messages: readonly Message[], more: readonly Message[]): readonly Message[] {
  const last = messages.at(-1)?.offset ?? 0
  const [first] = more
  if (first === undefined) return messages
  if (first.offset > last) return [...messages, ...more]
  const byOffset = new Map([...messages, ...more].map((message) => [message.offset, message]))
  return [...byOffset.values()].sort((a, b) => a.offset - b.offset)
}

function toMessage({ offset, from, data, at, key }: Publication): Message {
  return { offset: offset ?? 0, from, text: textOf(data), at, key }
}

/** Anybody with the right to publish may send any JSON: what is not a message of ours is shown as it is. */
function textOf(data: unknown): string {
  if (typeof data === 'object' && data !== null && 'text' in data && typeof data.text === 'string') return data.text
  return typeof data === 'string' ? data : JSON.stringify(data)
}
