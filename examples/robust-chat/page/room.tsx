// What was said, and a field to say more. It takes text whether the server is there or not.

import { useEffect, useRef, type FormEvent } from 'react'
import type { Publication } from 'staywire/client'
import type { Said } from './use-chat.ts'

export function Room({ messages, send }: { messages: readonly Publication<Said>[]; send: (text: string) => void }) {
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.scrollTo({ top: list.current.scrollHeight })
  }, [messages])
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const field = event.currentTarget.elements.namedItem('text') as HTMLInputElement
    const text = field.value.trim()
    field.value = ''
    if (text !== '') send(text)
  }
  return (
    <section className="panel room">
      <ol ref={list} className="messages">
        {messages.map(({ offset, from, data }) => (
          <li key={offset} className="message">
            <b>{from}</b> {data.text}
          </li>
        ))}
      </ol>
      <form onSubmit={submit}>
        <input name="text" autoComplete="off" placeholder="Say something, connected or not" maxLength={2_000} />
        <button className="primary">Send</button>
      </form>
    </section>
  )
}
