// The elements of the page, and what is shown in them. Knows nothing of how it gets here.

import type { Client } from 'staywire/client'

/** An element of the page by its id. */
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`The page has no ${kind.name} "${id}".`)
}

/** Shows how the connection is, and who shares it. */
export function showState(client: Client): void {
  const { status, cause } = client
  const { user, transport, sharing } = client.stats()
  const pill = element('status', HTMLElement)
  pill.textContent = status
  pill.dataset['status'] = status
  element('person', HTMLElement).textContent = user ?? ''
  element('notice', HTMLElement).textContent = status === 'stopped' ? `${cause?.reason}: ${cause?.code}` : ''
  const tabs = `${sharing.tabs} ${sharing.tabs === 1 ? 'tab' : 'tabs'} on one ${transport === 'sse' ? 'event stream' : 'connection'}`
  element('sharing', HTMLElement).textContent = `${tabs} · ${sharing.placement}`
}

/** Shows a message where its offset belongs, once. */
export function showMessage(offset: number | undefined, from: string | undefined, text: string): void {
  const list = element('messages', HTMLElement)
  const rows = [...list.children] as HTMLElement[]
  if (offset === undefined || rows.some((row) => row.dataset['offset'] === String(offset))) return
  const row = document.createElement('li')
  row.className = 'message card'
  row.dataset['offset'] = String(offset)
  const name = document.createElement('b')
  name.textContent = from ?? ''
  row.append(name, ` ${text}`)
  list.insertBefore(row, rows.find((other) => Number(other.dataset['offset']) > offset) ?? null)
  row.scrollIntoView({ block: 'nearest' })
}
