// Where one writes. Enter sends, Shift+Enter makes a line.

import { useState, type KeyboardEvent } from 'react'
import { useWords } from '../words/use-words.ts'
import type { RoomName } from './channels.ts'

/** Longest message, in characters: well inside one frame. */
const TEXT_MAX = 4000

export function Composer({ room, send }: { room: RoomName; send: (text: string) => void }) {
  const { words } = useWords()
  const [text, setText] = useState('')
  const tooLong = text.length > TEXT_MAX
  const submit = () => {
    if (text.trim() === '' || tooLong) return
    send(text.trim())
    setText('')
  }
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes (Chinese, Japanese …), Enter picks a candidate.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <textarea
        name="message"
        rows={Math.min(5, text.split('\n').length)}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        placeholder={words.chat.write(words.rooms.name[room])}
        aria-label={words.chat.message}
        aria-invalid={tooLong}
        enterKeyHint="send"
      />
      <button className="primary" disabled={text.trim() === '' || tooLong}>
        {words.chat.send}
      </button>
      {tooLong && (
        <p className="problem" role="alert">
          {words.chat.tooLong(text.length, TEXT_MAX)}
        </p>
      )}
    </form>
  )
}
