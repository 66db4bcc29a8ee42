// What may be the name of a channel, and which names are reserved. Knows nothing of who may use them.

/** Longest channel name and longest pattern, in bytes (names are ASCII, so also characters). PROTOCOL.md, CHAN. */
export const CHANNEL_NAME_MAX_BYTES = 128

/** At most 128 characters in segments split at colons, none of them empty. `\w` is `[A-Za-z0-9_]`. */
const NAME = /^(?=.{1,128}$)[\w.@$/%-]+(:[\w.@$/%-]+)*$/

/** A user id that is a segment as it is, and short enough for any name. */
const PLAIN = /^[\w.-]{1,100}$/

/** Whether `value` is a channel name: 1–128 ASCII letters, digits and `: . _ - @ $ / %`, without an empty segment. */
export function isChannelName(value: unknown): value is string {
  return typeof value === 'string' && NAME.test(value)
}

/** Whether a channel's first segment starts with `$` or `@`: no wildcard pattern matches it. */
export function isReserved(channel: string): boolean {
  return channel.startsWith('$') || channel.startsWith('@')
}

/**
 * The channel of one user's own publications: `@user:<id>`, the id percent-encoded into one segment so that no id can
 * reach into another's channel. Throws `RangeError` for an id that does not fit a channel name.
 */
export function userChannel(user: string): string {
  // Most ids need no encoding, and each connection asks.
  if (PLAIN.test(user)) return `@user:${user}`
  const segment = encodeSegment(user)
  const channel = `@user:${segment}`
  if (isChannelName(channel)) return channel
  throw new RangeError(
    `The user id is empty, not well-formed Unicode, or takes more than ${CHANNEL_NAME_MAX_BYTES - 6} bytes percent-encoded.`,
  )
}

/** `encodeURIComponent` leaves `! ' ( ) * ~` alone; a channel name allows none of them. A lone surrogate gives no segment. */
function encodeSegment(text: string): string {
  if (/\p{Surrogate}/u.test(text)) return ''
  return encodeURIComponent(text).replace(/[!'()*~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
