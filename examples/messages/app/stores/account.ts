// Who is signed in in this browser, and their tokens: kept over reloads, the same in all tabs, replaced before they run out.

import { defineStore } from 'pinia'
import { useRuntimeConfig } from 'nuxt/app'
import { computed, ref } from 'vue'

/** Somebody with an account. */
export interface Person {
  readonly id: string
  readonly name: string
}

/** What the API answers to who signs in. */
interface SignedIn {
  readonly user: Person
  /** Good for minutes; goes with requests and to the connection. */
  readonly token: string
  /** Buys the next token, with the next secret. */
  readonly secret: string
}

const STORED = 'messages.account'
/** Of a token's life, the share after which it is replaced. The client asks for another one a little later. */
const FRESH = 0.7

/** The store. Nothing of it is there while a page is rendered on the server. */
export const useAccount = defineStore('account', () => {
  const base = String(useRuntimeConfig().public['apiBase'])
  const signedIn = ref<SignedIn>()
  const user = computed(() => signedIn.value?.user)

  const post = (path: string, body: unknown) =>
    fetch(`${base}/api${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })

  function keep(next: SignedIn | undefined): void {
    signedIn.value = next
    if (next === undefined) localStorage.removeItem(STORED)
    else localStorage.setItem(STORED, JSON.stringify(next))
  }

  /** Takes what this browser has kept. */
  function restore(): void {
    const kept = localStorage.getItem(STORED)
    signedIn.value = kept === null ? undefined : (JSON.parse(kept) as SignedIn)
  }

  /** Rejects with what the server says. */
  async function signIn(how: 'login' | 'register', name: string, password: string): Promise<void> {
    const answer = await post(`/${how}`, { name, password })
    if (!answer.ok) throw new Error(await answer.text())
    keep((await answer.json()) as SignedIn)
  }

  function signOut(): void {
    const secret = signedIn.value?.secret
    keep(undefined)
    // Who is not reached forgets the secret by itself in the end.
    if (secret !== undefined) post('/logout', { secret }).catch(() => {})
  }

  /** The token, a new one when the last was `refused` or is old; `null` when nobody is signed in. One tab at a time. */
  function freshToken(refused = false): Promise<string | null> {
    const before = signedIn.value?.token
    return navigator.locks.request(STORED, async () => {
      restore()
      const { token, secret } = signedIn.value ?? {}
      if (token === undefined || secret === undefined) return null
      if (isFresh(token) && !(refused && token === before)) return token
      const answer = await post('/refresh', { secret })
      if (answer.ok) keep((await answer.json()) as SignedIn)
      else if (answer.status === 401) keep(undefined)
      else throw new Error(`The server answered ${answer.status}.`)
      return signedIn.value?.token ?? null
    })
  }

  return { user, restore, signIn, signOut, freshToken }
})

/** Whether a token has most of its life before it. Reads it only: the server checks it. */
function isFresh(token: string): boolean {
  const { iat, exp } = JSON.parse(atob(token.split('.')[1]?.replaceAll('-', '+').replaceAll('_', '/') ?? '')) as {
    iat: number
    exp: number
  }
  return Date.now() / 1_000 < iat + (exp - iat) * FRESH
}
