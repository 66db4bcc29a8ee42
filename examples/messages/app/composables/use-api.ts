// The HTTP API, as whoever is signed in. A token that is too old is replaced once, and the request made again.

import { useRuntimeConfig } from 'nuxt/app'
import { useAccount } from '../stores/account.ts'

/** A function that asks the API: `api('/conversations')`, or with a body to post. Rejects with what the server says. */
export function useApi(): <Answer>(path: string, body?: unknown) => Promise<Answer> {
  const base = String(useRuntimeConfig().public['apiBase'])
  const account = useAccount()
  const ask = async (path: string, body: unknown, refused: boolean) => {
    const headers = { authorization: `Bearer ${await account.freshToken(refused)}`, 'content-type': 'application/json' }
    const init = body === undefined ? { headers } : { headers, method: 'POST', body: JSON.stringify(body) }
    return fetch(`${base}/api${path}`, init)
  }
  return async <Answer>(path: string, body?: unknown) => {
    let answer = await ask(path, body, false)
    if (answer.status === 401) answer = await ask(path, body, true)
    if (!answer.ok) throw new Error(await answer.text())
    return (await answer.json()) as Answer
  }
}
