// A tab that reads a channel and keeps everything it was told, through its reloads.

import { createClient, type ClientOptions } from 'staywire/client'

declare global {
  interface Window {
    /** Set before the page is loaded. */
    options: ClientOptions & { readonly token?: string }
    client: ReturnType<typeof createClient>
    said(text: string): Promise<unknown>
  }
}

const { token, ...options } = window.options
const client = createClient('/realtime', { ...options, ...(token && { getToken: () => token }) })
const log = (line: string): void => sessionStorage.setItem('log', `${sessionStorage.getItem('log') ?? ''}${line}\n`)
const show = (): void => {
  document.title = `${client.status} ${client.stats().sharing.placement}`
}

window.client = client
window.said = (text) => client.publish('chat:1', text)
const chat = client.subscribe<string>('chat:1', ({ offset, data }) => log(`${offset} ${data}`))
chat.on('outcome', (outcome) => log(outcome))
client.on('status', show)
show()
