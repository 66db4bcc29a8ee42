// The offline checker: judges what clients have seen against the log and against each other. Pure, and believes nobody: it knows
// nothing of how the product works, only what is promised.

import type { Position } from 'staywire/client'
import { groupBy } from './group.ts'
import type { Asked, Heard, Line, Log, Logs, Settled } from './history.ts'

/** Everything that is wrong, in words; empty when all promises were kept. */
export function check(lines: readonly Line[], logs: Logs): string[] {
  const asked = lines.filter((line): line is Asked => line.type === 'asked')
  const settled = lines.filter(
    (line): line is Settled => line.type === 'stored' || line.type === 'refused' || line.type === 'unknown',
  )
  const heard = lines.filter(
    (line): line is Heard =>
      line.type === 'outcome' || line.type === 'gap' || line.type === 'delivered' || line.type === 'end',
  )
  const readers = groupBy(heard, ({ client, channel }) => `${client} in ${channel}`)
  return [
    ...[...logs].flatMap(([channel, log]) => checkLog(channel, log)),
    ...checkSettled(asked, settled),
    ...checkStored(settled, logs),
    ...[...readers].flatMap(([reader, all]) => checkReader(reader, all, logs.get(all[0]?.channel ?? ''))),
  ]
}

/** The log itself: no hole, no key twice, every publisher's publications in the order in which it published them. */
function checkLog(channel: string, { position, publications }: Log): string[] {
  const wrong: string[] = []
  const keys = new Set<string>()
  const newest = new Map<string, number>()
  publications.forEach(({ offset, key }, index) => {
    const before = publications[index - 1]?.offset
    if (before !== undefined && offset !== before + 1) wrong.push(`hole: ${channel} goes from ${before} to ${offset}`)
    if (keys.has(key)) wrong.push(`duplicate: ${key} is twice in ${channel}`)
    keys.add(key)
    const { publisher, count } = parse(key)
    const last = newest.get(publisher) ?? -1
    if (count < last) wrong.push(`order: ${channel} has ${key} after ${publisher}-${last}`)
    newest.set(publisher, count)
  })
  const last = publications.at(-1)?.offset
  if (last !== undefined && last !== position.offset) {
    wrong.push(`hole: ${channel} ends at ${last}, its position is ${position.offset}`)
  }
  return wrong
}

/** Every publish has ended, once. */
function checkSettled(asked: readonly Asked[], settled: readonly Settled[]): string[] {
  const open = new Map<string, number>()
  for (const { key } of asked) open.set(key, (open.get(key) ?? 0) + 1)
  for (const { key } of settled) open.set(key, (open.get(key) ?? 0) - 1)
  return [...open].flatMap(([key, count]) => {
    if (count === 0) return []
    return count > 0 ? [`unresolved: the publish of ${key} never ended`] : [`unresolved: ${key} ended twice`]
  })
}

/** What was acknowledged is where it was said to be, or was trimmed; what was refused is not there. */
function checkStored(settled: readonly Settled[], logs: Logs): string[] {
  const wrong: string[] = []
  const places = new Map([...logs].map(([channel, log]) => [channel, byOffset(log)]))
  const known = new Map<string, string>()
  const certain = new Map<string, boolean>()
  for (const line of settled) {
    const { key, channel } = line
    certain.set(key, line.type === 'refused' && certain.get(key) !== false)
    if (line.type !== 'stored') continue
    const { position } = line
    if (position === undefined) {
      wrong.push(`lost: ${key} was acknowledged without a position`)
      continue
    }
    const text = format(position)
    if ((known.get(key) ?? text) !== text) wrong.push(`duplicate: ${key} was stored at ${known.get(key)} and ${text}`)
    known.set(key, text)
    const log = logs.get(channel)
    const there = places.get(channel)?.get(position.offset)
    const trimmed = position.offset < (log?.publications[0]?.offset ?? 0)
    if (log?.position.epoch !== position.epoch || (!trimmed && there !== key)) {
      wrong.push(`lost: ${key} was acknowledged at ${text} of ${channel}, where there is ${there ?? 'nothing'}`)
    }
  }
  const refused = new Set([...certain].filter(([, holds]) => holds).map(([key]) => key))
  for (const [channel, { publications }] of logs) {
    for (const { key } of publications)
      if (refused.has(key)) wrong.push(`refused: ${key} was refused, and is in ${channel}`)
  }
  return wrong
}

/** One reader: increasing offsets, no key twice, nothing that is not in the log, no hole that it was not told of. */
function checkReader(reader: string, lines: readonly Heard[], log: Log | undefined): string[] {
  const wrong: string[] = []
  const keys = new Set<string>()
  const places = log === undefined ? undefined : byOffset(log)
  let cursor: Position | undefined
  for (const line of lines) {
    if (line.type === 'outcome') {
      cursor ??= line.position
      continue
    }
    if (line.type === 'gap') {
      if (cursor === undefined || format(cursor) !== format(line.from)) {
        wrong.push(`silent: ${reader} was at ${format(cursor)} and was told of a gap from ${format(line.from)}`)
      }
      cursor = line.to
      continue
    }
    const { position } = line
    if (line.type === 'end') {
      if (format(cursor) !== format(log?.position)) {
        wrong.push(`silent: ${reader} ended at ${format(cursor)}, ${line.channel} at ${format(log?.position)}`)
      }
      continue
    }
    if (cursor?.epoch === position.epoch && position.offset <= cursor.offset) {
      wrong.push(`order: ${reader} got ${format(position)} after ${format(cursor)}`)
    } else if (format(cursor) !== format({ ...position, offset: position.offset - 1 })) {
      wrong.push(
        `silent: ${reader} got ${format(position)} after ${format(cursor)}, and was not told of what is between`,
      )
    }
    if (keys.has(line.key)) wrong.push(`duplicate: ${reader} got ${line.key} twice`)
    keys.add(line.key)
    const there = log?.position.epoch === position.epoch ? places?.get(position.offset) : line.key
    const trimmed = position.offset < (log?.publications[0]?.offset ?? 0)
    if (!trimmed && there !== line.key) {
      wrong.push(`phantom: ${reader} got ${line.key} at ${format(position)}, where there is ${there ?? 'nothing'}`)
    }
    cursor = position
  }
  if (!lines.some(({ type }) => type === 'end')) wrong.push(`silent: ${reader} did not come to the end`)
  return wrong
}

function byOffset({ publications }: Log): Map<number, string> {
  return new Map(publications.map(({ offset, key }) => [offset, key]))
}

function parse(key: string): { publisher: string; count: number } {
  const dash = key.lastIndexOf('-')
  return { publisher: key.slice(0, dash), count: Number(key.slice(dash + 1)) }
}

function format(position: Position | undefined): string {
  return position === undefined ? 'nowhere' : `${position.epoch}:${position.offset}`
}
