// What a run comes to in figures. Pure: from the histories of its clients alone.

import { groupBy } from './group.ts'
import type { Line, StatusChange } from './history.ts'

export interface Figures {
  readonly stored: number
  /** Of these, how many the store already had: a resend whose first acknowledgement was lost, or a repeated key. */
  readonly duplicates: number
  readonly unknown: number
  readonly refused: number
  readonly delivered: number
  /** Resubscriptions that missed nothing, and how many of them had missed something first. */
  readonly recovered: number
  readonly replayed: number
  readonly gaps: number
  /** Connected time / session time of all clients. */
  readonly availability: number
  /** How often a client lost its connection, and how often it came back. */
  readonly drops: number
  readonly reconnects: number
  /** Dials after a drop, with or without success. */
  readonly dials: number
  /** From the loss of a connection to the next one, in milliseconds, ascending. */
  readonly downMs: readonly number[]
}

/** Counts a run that ended at `endedAt`. */
export function count(lines: readonly Line[], endedAt: number): Figures {
  const of = <Type extends Line['type']>(type: Type): Extract<Line, { type: Type }>[] =>
    lines.filter((line): line is Extract<Line, { type: Type }> => line.type === type)
  const stored = of('stored')
  const recovered = of('outcome').filter(({ outcome }) => outcome === 'recovered')
  const clients = [...groupBy(of('status'), ({ client }) => client).values()].map((all) => live(all, endedAt))
  const sum = (pick: (client: Lived) => number): number => clients.reduce((total, client) => total + pick(client), 0)
  return {
    stored: stored.length,
    duplicates: stored.filter(({ duplicate }) => duplicate).length,
    unknown: of('unknown').length,
    refused: of('refused').length,
    delivered: of('delivered').length,
    recovered: recovered.length,
    replayed: recovered.filter((line) => line.recovered > 0).length,
    gaps: of('gap').length,
    availability: sum(({ upMs }) => upMs) / sum(({ totalMs }) => totalMs),
    drops: sum(({ drops }) => drops),
    reconnects: sum(({ downMs }) => downMs.length),
    dials: sum(({ dials }) => dials),
    downMs: clients.flatMap(({ downMs }) => downMs).sort((a, b) => a - b),
  }
}

interface Lived {
  readonly upMs: number
  readonly totalMs: number
  readonly drops: number
  readonly dials: number
  readonly downMs: readonly number[]
}

/** One client's life, from its first connection on. */
function live(changes: readonly StatusChange[], endedAt: number): Lived {
  const downMs: number[] = []
  let [since, upAt, downAt]: (number | undefined)[] = []
  let [upMs, drops, dials] = [0, 0, 0]
  for (const { status, at } of changes) {
    if (status === 'connected') {
      since ??= at
      if (downAt !== undefined) downMs.push(at - downAt)
      upAt = at
      downAt = undefined
    } else {
      if (upAt !== undefined) {
        upMs += at - upAt
        downAt = at
        drops += 1
      }
      upAt = undefined
      if (since !== undefined && status === 'connecting') dials += 1
    }
  }
  if (upAt !== undefined) upMs += endedAt - upAt
  return { upMs, totalMs: endedAt - (since ?? endedAt), drops, dials, downMs }
}

/** A share of an ascending list, e.g. 0.99 of it; 0 when it is empty. */
export function quantile(ascending: readonly number[], share: number): number {
  return ascending[Math.min(ascending.length - 1, Math.floor(ascending.length * share))] ?? 0
}
