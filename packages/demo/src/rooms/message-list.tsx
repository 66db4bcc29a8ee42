// The messages of a room, newest at the bottom, with one's own drafts after them. Stays at the bottom unless one reads back.

import { Fragment } from 'react'
import { useClock } from '../connection/use-clock.ts'
import { useWords } from '../words/use-words.ts'
import type { RoomName } from './channels.ts'
import { DraftRow, MessageRow } from './message-row.tsx'
import type { Message, Room } from './room.ts'
import { useRooms } from './rooms-context.ts'
import { useBottom } from './use-bottom.ts'
import { useHistory } from './use-history.ts'

/** Messages of one person within this time stand together under one name. */
const TOGETHER_MS = 300_000

export function MessageList({ room, send }: { room: RoomName; send: (text: string, key: string) => void }) {
  const { words } = useWords()
  const { of, user, unread } = useRooms()
  const { messages, past, drafts, history } = of[room]
  const { list, atBottom, toBottom } = useBottom(room, messages.length + drafts.length)
  const nothing = messages.length + past.length + drafts.length === 0
  return (
    <div className="messages-box">
      <div className="messages" ref={list} role="log" aria-label={words.chat.log} tabIndex={0}>
        <HistoryEdge room={room} state={of[room]} />
        {nothing && (history === 'complete' || history === 'partial') && <p className="empty">{words.chat.empty}</p>}
        <ol>
          {past.length > 0 && (
            <>
              <Rows messages={past} user={user} />
              <li className="divider">{words.chat.earlier}</li>
            </>
          )}
          <Rows messages={messages} user={user} />
          {drafts.map((draft) => (
            <DraftRow key={draft.key} draft={draft} room={room} send={send} />
          ))}
        </ol>
      </div>
      {!atBottom && (
        <button className="to-bottom" onClick={toBottom}>
          {words.chat.newBelow}
          {unread[room] > 0 && <span className="badge">{unread[room]}</span>}
        </button>
      )}
    </div>
  )
}

function Rows({ messages, user }: { messages: readonly Message[]; user: string }) {
  const { words, locale } = useWords()
  const today = new Date(useClock(60_000)).toDateString()
  return messages.map((message, index) => {
    const before = messages[index - 1]
    const day = new Date(message.at).toDateString()
    const newDay = before === undefined ? day !== today : new Date(before.at).toDateString() !== day
    const near = before !== undefined && message.at - before.at < TOGETHER_MS
    const together = near && !newDay && before.from === message.from
    const dayName = new Date(message.at).toLocaleDateString(locale, { weekday: 'long', day: 'numeric', month: 'long' })
    return (
      <Fragment key={message.offset}>
        {newDay && <li className="divider">{day === today ? words.chat.today : dayName}</li>}
        <MessageRow message={message} mine={message.from === user} together={together} />
      </Fragment>
    )
  })
}

function HistoryEdge({ room, state: { history, messages } }: { room: RoomName; state: Room }) {
  const { words } = useWords()
  const { loadNewest, loadOlder } = useHistory(room)
  const first = messages[0]?.offset
  const load = first === undefined ? loadNewest : () => loadOlder(first)
  return (
    <div className="history-edge">
      {(history === 'loading' || history === 'none') && <p>{words.chat.loading}</p>}
      {history === 'partial' && <button onClick={load}>{words.chat.older}</button>}
      {history === 'complete' && first !== undefined && <p>{words.chat.beginning}</p>}
      {history === 'failed' && (
        <p role="alert">
          {words.chat.loadFailed} <button onClick={load}>{words.chat.again}</button>
        </p>
      )}
    </div>
  )
}
