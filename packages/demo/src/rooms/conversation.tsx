// The open room: what was said, what could not be recovered, and the field to say more.

import { useWords } from '../words/use-words.ts'
import type { RoomName } from './channels.ts'
import { Composer } from './composer.tsx'
import { GapNotice } from './gap-notice.tsx'
import { MessageList } from './message-list.tsx'
import { useSend } from './use-send.ts'

export function Conversation({ room }: { room: RoomName }) {
  const { words } = useWords()
  const send = useSend(room)
  return (
    <main className="conversation">
      <header className="conversation-top">
        <h1>{words.rooms.name[room]}</h1>
        <p>{words.rooms.about[room]}</p>
      </header>
      <MessageList key={room} room={room} send={send} />
      <GapNotice room={room} />
      <Composer room={room} send={send} />
    </main>
  )
}
