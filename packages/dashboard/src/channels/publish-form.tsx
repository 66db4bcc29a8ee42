// Publishes a JSON value to a channel, to see it arrive.
import { useState } from 'react'
import { adminApi } from '../access/admin-api.ts'
import { useWords } from '../words/use-words.ts'

export function PublishForm({ channel, published }: { channel: string; published: () => void }) {
  const { words } = useWords()
  const [text, setText] = useState('{"text": "test"}')
  const [said, setSaid] = useState<{ readonly bad: boolean; readonly text: string }>()
  const publish = async () => {
    const data = parsed(text)
    if (data === undefined) return setSaid({ bad: true, text: words.publish.bad })
    try {
      const { position } = await adminApi.publish(channel, data.value)
      setSaid({ bad: false, text: words.publish.sent(position?.offset) })
      published()
    } catch (error) {
      setSaid({ bad: true, text: `${words.publish.refused}: ${(error as Error).message}` })
    }
  }
  return (
    <form
      className="publish"
      onSubmit={(event) => {
        event.preventDefault()
        void publish()
      }}
    >
      <label htmlFor="publish">{words.publish.title}</label>
      <textarea
        id="publish"
        rows={2}
        value={text}
        spellCheck={false}
        aria-invalid={said?.bad}
        aria-describedby="publish-said"
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit">{words.publish.send}</button>
      <span id="publish-said" role="status" className={said?.bad === true ? 'bad' : 'soft'}>
        {said?.text}
      </span>
    </form>
  )
}

function parsed(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}
