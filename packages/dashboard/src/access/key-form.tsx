// Asks for the admin key.

import { useState } from 'react'
import { useWords } from '../words/use-words.ts'

/** `wrong`: a key was given and refused. */
export function KeyForm({ wrong, onKey }: { wrong: boolean; onKey: (key: string) => void }) {
  const { words } = useWords()
  const [key, setKey] = useState('')
  return (
    <form
      className="key-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (key !== '') onKey(key)
      }}
    >
      <h1>{words.key.title}</h1>
      <p className="soft">{words.key.about}</p>
      <label htmlFor="key">{words.key.label}</label>
      <input
        id="key"
        name="key"
        type="password"
        autoComplete="current-password"
        autoFocus
        value={key}
        aria-invalid={wrong}
        aria-describedby="key-problem"
        onChange={(event) => setKey(event.target.value)}
      />
      <p id="key-problem" className="problem" role="alert">
        {wrong && words.key.wrong}
      </p>
      <button className="primary" disabled={key === ''}>
        {words.key.enter}
      </button>
    </form>
  )
}
