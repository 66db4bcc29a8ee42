// What is known of a connection whether it is live or gone, for the detail of either.
import type { ReactNode } from 'react'
import type { Connection } from '../access/shapes.ts'
import { addressOf } from '../shell/sections.ts'
import { bytes } from '../words/figures.ts'
import { useWords } from '../words/use-words.ts'

/** A connection as far as both know it. */
export type Known = Pick<
  Connection,
  'id' | 'user' | 'address' | 'transport' | 'origin' | 'slot' | 'bytesIn' | 'bytesOut'
>

/** Names and values. */
export function useKnownFacts(known: Known): readonly (readonly [name: string, value: ReactNode])[] {
  const { words, locale } = useWords()
  const { one, columns } = words
  const { id, user, address, transport, origin, slot, bytesIn, bytesOut } = known
  return [
    [one.id, <code key="id">{id}</code>],
    [
      columns.user,
      <a key="user" href={addressOf('users', user)}>
        {user}
      </a>,
    ],
    [columns.from, address],
    [columns.transport, transport],
    [one.label, origin.label],
    [one.browser, origin.browser],
    [one.tab, origin.tab],
    [one.page, origin.page],
    [one.instance, origin.instance],
    [one.slot, slot],
    [columns.traffic, `${bytes(bytesIn, locale)} / ${bytes(bytesOut, locale)}`],
  ]
}
