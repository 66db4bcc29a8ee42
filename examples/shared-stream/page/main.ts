// The page: a form to sign in, then the lobby. It asks for its connection as if it were the only one to do so.

import type { Publication } from 'staywire/client'
import { client, token } from './client.ts'
import { element, showMessage, showState } from './view.ts'
import '@staywire/look/example.css'
import './page.css'

const LOBBY = 'chat:lobby'

interface Message {
  readonly text: string
}

const show = (publication: Publication<Message>) =>
  showMessage(publication.offset, publication.from, publication.data.text)

client.on('status', () => showState(client))
// How many tabs are on the connection changes without a change of status.
setInterval(() => showState(client), 500)

element('sign-in', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  void signIn(element('name', HTMLInputElement).value)
})
element('say', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault()
  const field = element('text', HTMLInputElement)
  const text = field.value
  field.value = ''
  client.publish(LOBBY, { text }).catch((error: Error) => (element('notice', HTMLElement).textContent = error.message))
})
element('sign-out', HTMLButtonElement).addEventListener('click', () => {
  token.remove()
  client.disconnect({ end: true }) // in all tabs
  location.reload()
})

if (token.get() === null) element('sign-in', HTMLFormElement).hidden = false
else enter()

async function signIn(name: string): Promise<void> {
  const answer = await fetch('/sign-in', { method: 'POST', body: JSON.stringify({ name }) })
  if (!answer.ok) return
  token.set(((await answer.json()) as { token: string }).token)
  element('sign-in', HTMLFormElement).hidden = true
  enter()
}

function enter(): void {
  element('chat', HTMLElement).hidden = false
  element('sign-out', HTMLButtonElement).hidden = false
  void client.connect()
  const lobby = client.subscribe<Message>(LOBBY, show)
  // After `recovered` nothing is missing; `live` and `gap` say that something came before.
  lobby.on('outcome', (outcome) => {
    if (outcome === 'recovered') return
    client.history<Message>(LOBBY, { limit: 50 }).then(
      ({ publications }) => publications.forEach(show),
      () => {}, // the connection has gone again: the next outcome asks anew
    )
  })
}
