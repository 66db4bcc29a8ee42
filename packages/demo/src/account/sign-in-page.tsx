// The first thing people see: what this is, and one field.

import { LookSwitches, Mark } from '@staywire/look'
import { useState, type FormEvent } from 'react'
import { useWords } from '../words/use-words.ts'
import { account } from './account.ts'
import { Rigging } from './rigging.tsx'
import { NAME_MAX, nameProblem, Refused, requestToken, type NameProblem } from './sign-in.ts'

export function SignInPage() {
  const { words } = useWords()
  return (
    <div className="entrance">
      <Rigging />
      <header className="entrance-top">
        <span className="brand">
          <Mark /> Staywire
        </span>
        <LookSwitches />
      </header>
      <main className="entrance-main">
        <h1>{words.signIn.title}</h1>
        <p className="entrance-lead">{words.signIn.lead}</p>
        <SignInForm />
        <ul className="entrance-points">
          {words.signIn.points.map((point) => (
            <li key={point}>{point}</li>
          ))}
        </ul>
      </main>
    </div>
  )
}

function SignInForm() {
  const { words } = useWords()
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<NameProblem>()
  const [busy, setBusy] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const wrong = nameProblem(name)
    setProblem(wrong)
    if (wrong !== undefined || busy) return
    setBusy(true)
    requestToken(name.trim()).then(
      ({ user }) => account.signIn(user),
      (error: unknown) => {
        setProblem(error instanceof Refused ? 'refused' : 'unreachable')
        setBusy(false)
      },
    )
  }
  return (
    <form className="sign-in" onSubmit={submit} noValidate>
      <label htmlFor="name">{words.signIn.name}</label>
      <div className="sign-in-row">
        <input
          id="name"
          name="name"
          autoComplete="nickname"
          autoFocus
          value={name}
          placeholder={words.signIn.example}
          aria-invalid={problem !== undefined}
          aria-describedby="name-problem"
          onChange={(event) => {
            setName(event.target.value)
            setProblem(undefined)
          }}
        />
        <button className="primary" disabled={busy}>
          {words.signIn.enter}
        </button>
      </div>
      <p id="name-problem" role="alert" className="problem">
        {problem !== undefined && words.signIn.problem[problem]([...name.trim()].length, NAME_MAX)}
      </p>
    </form>
  )
}
