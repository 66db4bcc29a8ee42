// One message, or one draft with what became of it so far.

import { Avatar } from '../people/avatar.tsx'
import { useWords } from '../words/use-words.ts'
import type { RoomName } from './channels.ts'
import type { Draft, Message } from './room.ts'
import { useRooms } from './rooms-context.ts'

export function MessageRow({ message, mine, together }: { message: Message; mine: boolean; together: boolean }) {
  const { words } = useWords()
  const name = message.from ?? 'Staywire'
  return (
    <li className={`message${mine ? ' mine' : ''}${together ? ' together' : ''}`} data-offset={message.offset}>
      {!mine && <Avatar name={name} />}
      <div className="bubble">
        {!together && !mine && <span className="author">{name}</span>}
        <p>{message.text}</p>
        <Stamp at={message.at}>{mine && <Tick state="stored" label={words.chat.stored} />}</Stamp>
      </div>
    </li>
  )
}

export function DraftRow({
  draft,
  room,
  send,
}: {
  draft: Draft
  room: RoomName
  send: (text: string, key: string) => void
}) {
  const { words } = useWords()
  const { dispatch } = useRooms()
  return (
    <li className={`message mine draft ${draft.state}`} data-state={draft.state}>
      <div className="bubble">
        <p>{draft.text}</p>
        <Stamp at={draft.at}>{draft.state === 'pending' && <Tick state="pending" label={words.chat.pending} />}</Stamp>
      </div>
      {draft.state !== 'pending' && (
        <div className="draft-problem" role="alert">
          <span>{draft.state === 'uncertain' ? words.chat.uncertain : words.chat.failed}</span>
          <button onClick={() => send(draft.text, draft.key)}>{words.chat.sendAgain}</button>
          <button onClick={() => dispatch(room, { type: 'discarded', key: draft.key })}>{words.chat.discard}</button>
        </div>
      )}
    </li>
  )
}

function Stamp({ at, children }: { at: number; children?: React.ReactNode }) {
  const { locale } = useWords()
  const date = new Date(at)
  return (
    <span className="stamp">
      <time dateTime={date.toISOString()} title={date.toLocaleString(locale)}>
        {date.toLocaleTimeString(locale, { hour: '2-digit', minute: '2-digit' })}
      </time>
      {children}
    </span>
  )
}

function Tick({ state, label }: { state: 'pending' | 'stored'; label: string }) {
  return (
    <svg className={`tick ${state}`} viewBox="0 0 16 16" role="img" aria-label={label}>
      <title>{label}</title>
      <path
        d={
          state === 'stored'
            ? 'M3 8.500 6.500 12 13 4.500'
            : 'M8 4v4.200l2.600 1.600M8 1.800a6.200 6.200 0 1 0 0 12.400 6.200 6.200 0 0 0 0-12.400'
        }
      />
    </svg>
  )
}
