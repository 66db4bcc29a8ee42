// Turns what is published to the signed-in user into notices. Shows nothing itself.

import { useChannel } from 'staywire/react'
import { userChannel } from 'staywire/protocol'
import { useWords } from '../words/use-words.ts'
import type { Words } from '../words/en.ts'
import { useNotices } from './notice-provider.tsx'

export function UserNotices({ user }: { user: string }) {
  const { words } = useWords()
  const notify = useNotices()
  useChannel(channelOf(user), ({ data }) => notify(textOf(data, words)), { label: 'UserNotices' })
  return null
}

/** The user's own channel; none for a name that is too long for one when it is written out in ASCII. */
function channelOf(user: string): string | undefined {
  try {
    return userChannel(user)
  } catch {
    return undefined
  }
}

/** A wave, a `text`, or whatever JSON a backend published, as it is. */
function textOf(data: unknown, words: Words): string {
  if (typeof data !== 'object' || data === null) return `${words.notices.fromServer}: ${String(data)}`
  const { type, from, text } = data as { type?: unknown; from?: unknown; text?: unknown }
  if (type === 'wave' && typeof from === 'string') return words.notices.wave(from)
  return typeof text === 'string' ? text : `${words.notices.fromServer}: ${JSON.stringify(data)}`
}
