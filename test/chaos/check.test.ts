// The checker must be able to fail: a run in which all is well, and every kind of wrong planted into it.

import { describe, expect, it } from 'vitest'
import { check } from './check.ts'
import type { Heard, Line, Log, Logs, Settled } from './history.ts'

const at = (offset: number, epoch = 'e'): { epoch: string; offset: number } => ({ epoch, offset })
const here = { channel: 'load:0' } as const
const reader = { ...here, client: 'r' } as const
const writer = { ...here, client: 'p' } as const
const asked = (count: number): Line => ({ ...writer, type: 'asked', key: `p-${count}` })
const stored = (count: number, offset = count): Settled => ({
  ...writer,
  type: 'stored',
  key: `p-${count}`,
  position: at(offset),
  duplicate: false,
})
const begun: Heard = { ...reader, type: 'outcome', outcome: 'live', recovered: 0, position: at(0) }
const got = (offset: number, key = `p-${offset}`, epoch = 'e'): Heard => ({
  ...reader,
  type: 'delivered',
  position: at(offset, epoch),
  key,
})
const gap = (from: number, to: number): Heard => ({
  ...reader,
  type: 'gap',
  from: at(from),
  to: at(to),
  why: 'too-many',
})
const ended: Heard = { ...reader, type: 'end', position: at(4) }
const log = (...counts: number[]): Logs =>
  new Map<string, Log>([
    [
      'load:0',
      {
        position: at(counts.length),
        publications: counts.map((count, index) => ({ offset: index + 1, key: `p-${count}` })),
      },
    ],
  ])

const all = [1, 2, 3, 4]
const asks = all.map(asked)
const acks = all.map((count) => stored(count))
const deliveries = all.map((count) => got(count))
const whole = log(1, 2, 3, 4)

describe('a run in which all is well', () => {
  it('is without violations', () => {
    expect(check([...asks, ...acks, begun, ...deliveries, ended], whole)).toEqual([])
  })

  it('may have a gap that was told, and an acknowledged resend', () => {
    expect(check([...asks, ...acks, begun, got(1), gap(1, 3), got(4), ended], whole)).toEqual([])
    expect(check([...asks, asked(2), ...acks, { ...stored(2), duplicate: true } as Line], whole)).toEqual([])
  })

  it('may have been trimmed', () => {
    const trimmed: Logs = new Map([['load:0', { position: at(4), publications: [{ offset: 4, key: 'p-4' }] }]])
    expect(check([...asks, ...acks, begun, ...deliveries, ended], trimmed)).toEqual([])
  })

  it('may leave open what is unknown', () => {
    const unknown: Line = { ...writer, type: 'unknown', key: 'p-4', code: 'unknown' }
    for (const left of [whole, log(1, 2, 3)]) expect(check([...asks, ...acks.slice(0, 3), unknown], left)).toEqual([])
  })
})

describe('a violation is found', () => {
  const refusal: Line = { ...writer, type: 'refused', key: 'p-4', code: 'storage-unavailable' }
  const planted: readonly (readonly [title: string, kind: string, lines: readonly Line[], logs: Logs])[] = [
    ['an acknowledged publication at the end is lost', 'lost', [...asks, ...acks], log(1, 2, 3)],
    ['another one is where it was acknowledged', 'lost', [...asks, ...acks], log(1, 2, 4, 3)],
    [
      'the epoch it was acknowledged in is gone',
      'lost',
      [...asks, ...acks],
      new Map([['load:0', { position: at(0, 'f'), publications: [] }]]),
    ],
    ['the channel is gone', 'lost', [...asks, ...acks], new Map()],
    [
      'it was acknowledged without a position',
      'lost',
      [asked(1), { ...stored(1), position: undefined } as Line],
      log(1),
    ],
    ['a key is twice in the log', 'duplicate', [], log(1, 2, 2)],
    ['a key was acknowledged at two positions', 'duplicate', [asked(1), asked(1), stored(1), stored(1, 2)], log(1, 2)],
    ['a publisher is out of order', 'order', [], log(1, 3, 2)],
    [
      'the log has a hole',
      'hole',
      [],
      new Map([
        [
          'load:0',
          {
            position: at(3),
            publications: [
              { offset: 1, key: 'p-1' },
              { offset: 3, key: 'p-3' },
            ],
          },
        ],
      ]),
    ],
    [
      'the log ends before its position',
      'hole',
      [],
      new Map([['load:0', { position: at(5), publications: [{ offset: 4, key: 'p-4' }] }]]),
    ],
    ['a publish never ends', 'unresolved', [...asks, ...acks.slice(1)], whole],
    ['a publish ends twice', 'unresolved', [...asks, ...acks, stored(4)], whole],
    ['what was refused was stored', 'refused', [...asks, ...acks.slice(0, 3), refusal], whole],
    ['a reader gets an offset again', 'order', [begun, got(1), got(2), got(2, 'p-9'), got(3), got(4), ended], whole],
    ['a reader gets offsets backwards', 'order', [begun, got(1), got(3), got(2), got(4), ended], whole],
    ['a reader gets a key twice', 'duplicate', [begun, got(1), got(2), got(3, 'p-2'), got(4), ended], whole],
    ['a reader misses one in silence', 'silent', [begun, got(1), got(3), got(4), ended], whole],
    ['a reader misses the first in silence', 'silent', [begun, got(2), got(3), got(4), ended], whole],
    ['a reader misses the last in silence', 'silent', [begun, got(1), got(2), got(3), ended], whole],
    ['a reader is told of a smaller gap than there is', 'silent', [begun, got(1), gap(1, 2), got(4), ended], whole],
    ['a reader is told of a gap from elsewhere', 'silent', [begun, got(1), gap(2, 3), got(4), ended], whole],
    ['a reader is in another epoch without a gap', 'silent', [begun, got(1), got(2, 'p-2', 'f'), ended], whole],
    ['a reader never comes to the end', 'silent', [begun, ...deliveries], whole],
    ['a reader gets what is not in the log', 'phantom', [begun, got(1), got(2, 'p-7'), got(3), got(4), ended], whole],
  ]
  it.each(planted)('when %s', (_title, kind, lines, logs) => {
    expect(check(lines, logs).map((text) => text.split(':')[0])).toContain(kind)
  })
})
