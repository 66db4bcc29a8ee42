// A place that yields to a leader: owners in two kinds of places know nothing of each other, and would each have a connection.
// Tabs in such a place go over to the tab that leads, as soon as they hear that it has what they share. PROTOCOL.md, ELECT-10.

import type { LeaderTabWorld } from './leader-tab.ts'
import { PORT_VERSION } from './message.ts'
import type { Placement } from './placement.ts'
import { readWord } from './word.ts'

/** The same place, which is no place any more for whom there is a leader. */
export function yielding(place: Placement, broadcast: LeaderTabWorld['broadcast']): Placement {
  return {
    ...place,
    open(listener) {
      let key: string | undefined
      const way = place.open(listener)
      const channel = broadcast((message) => {
        const word = readWord(message)
        if (word?.word !== 'beat' || key === undefined || word.version !== PORT_VERSION) return
        if (word.houses?.includes(key)) listener.ended('another tab leads')
      })
      return {
        post(message) {
          way.post(message)
          if (message[0] !== 'attach') return
          key = message[1].key
          channel.post({ word: 'ask' })
        },
        close() {
          channel.close()
          way.close()
        },
      }
    },
  }
}
