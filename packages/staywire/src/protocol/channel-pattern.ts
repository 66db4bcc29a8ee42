// Channel patterns: `*` stands for one whole segment, `**` for one or more at the end. Never a prefix match, never a regular expression from outside.

import { CHANNEL_NAME_MAX_BYTES, isReserved } from './channel-name.ts'

/** A compiled pattern. Matching takes one pass over the segments: linear, whatever the pattern. */
export interface ChannelPattern {
  /** The pattern as written. */
  readonly text: string
  /** Whether `channel` (a valid name) matches. A wildcard in the first segment never matches a reserved name. */
  matches(channel: string): boolean
}

/**
 * Compiles `chat:*` or `logs:**`. `*` matches exactly one segment, `**` (last only) one or more.
 * Throws `RangeError` with the reason for a malformed pattern.
 */
export function compilePattern(text: string): ChannelPattern {
  const segments = text.split(':')
  const problem = malformed(text, segments)
  if (problem !== undefined) throw new RangeError(`The channel pattern ${JSON.stringify(text)} ${problem}.`)
  const open = segments.at(-1) === '**'
  const fixed = open ? segments.slice(0, -1) : segments
  const wildFirst = segments[0] === '*' || segments[0] === '**'
  if (!text.includes('*')) return { text, matches: (channel) => channel === text }
  return {
    text,
    matches(channel) {
      return !(wildFirst && isReserved(channel)) && fits(channel, fixed, open)
    },
  }
}

/** Whether a channel consists of these segments and, where that is `open`, of more. Compared in place: every subscription asks. */
function fits(channel: string, segments: readonly string[], open: boolean): boolean {
  let from = 0
  for (const segment of segments) {
    if (from > channel.length) return false
    const colon = channel.indexOf(':', from)
    const end = colon < 0 ? channel.length : colon
    if (segment !== '*' && (end - from !== segment.length || !channel.startsWith(segment, from))) return false
    from = end + 1
  }
  return open === from <= channel.length
}

/**
 * Whether every channel that `later` matches is already matched by `earlier`: then a rule for `later`, written after, can
 * never be reached.
 */
export function covers(earlier: string, later: string): boolean {
  const wide = earlier.split(':')
  const narrow = later.split(':')
  const wideOpen = wide.at(-1) === '**'
  const narrowOpen = narrow.at(-1) === '**'
  if (wideOpen ? narrow.length < wide.length : wide.length !== narrow.length) return false
  if (narrowOpen && !wideOpen) return false
  if (isReserved(narrow[0] ?? '') && wide[0]?.startsWith('*') === true) return false
  const fixed = wideOpen ? wide.slice(0, -1) : wide
  return fixed.every((segment, index) => segment === narrow[index] || (segment === '*' && narrow[index] !== '**'))
}

function malformed(text: string, segments: readonly string[]): string | undefined {
  if (text.length > CHANNEL_NAME_MAX_BYTES) return `is longer than ${CHANNEL_NAME_MAX_BYTES} bytes`
  for (const [index, segment] of segments.entries()) {
    if (segment === '') return 'has an empty segment'
    if (segment === '**' && index !== segments.length - 1) return 'has ** before its last segment'
    if (segment !== '*' && segment !== '**' && !/^[A-Za-z0-9._\-@$/%]+$/.test(segment))
      return `has a segment that is neither a name nor a whole wildcard: ${JSON.stringify(segment)}`
  }
  return undefined
}
