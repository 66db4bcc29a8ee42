// Says honestly that messages are missing, and offers what can be done about it.

import { useWords } from '../words/use-words.ts'
import type { RoomName } from './channels.ts'
import { useRooms } from './rooms-context.ts'
import { useHistory } from './use-history.ts'

export function GapNotice({ room }: { room: RoomName }) {
  const { words } = useWords()
  const { gap, history } = useRooms().of[room]
  const { loadNewest } = useHistory(room)
  if (gap === undefined) return null
  return (
    <section className="gap" role="alert">
      <p>{words.chat.gap(gap.missed)}</p>
      <button onClick={loadNewest} disabled={history === 'loading'}>
        {words.chat.reload}
      </button>
    </section>
  )
}
