// Conversations and the open one. Filled from the API, kept up by what is pushed.

import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Conversation, Message } from '../../server/messages.ts'
import type { Told } from '../../server/push.ts'
import { useApi } from '../composables/use-api.ts'
import type { Person } from './account.ts'

/** The conversation that is looked at. */
interface Open {
  readonly with: Person
  readonly messages: readonly Message[]
}

const KEPT = 100

/** The store. */
export const useMessages = defineStore('messages', () => {
  const api = useApi()
  const conversations = ref<readonly Conversation[]>([])
  const open = ref<Open>()
  let asked = 0
  /** Whose conversation is to be shown. */
  let wanted: string | undefined
  /** The last that came by themselves: what comes while a conversation is loaded must not be missed. */
  let pushed: readonly Message[] = []
  const unread = computed(() => conversations.value.reduce((sum, { unread: more }) => sum + more, 0))

  async function refreshList(): Promise<void> {
    const mine = ++asked
    const list = await api<readonly Conversation[]>('/conversations')
    // Answers may overtake each other: the one that was asked for last is the newest.
    if (mine === asked) conversations.value = list
  }

  /** Everything that is shown, anew: after signing in and whenever the connection is back. */
  async function refresh(): Promise<void> {
    await Promise.all([refreshList(), open.value && openWith(open.value.with.id)])
  }

  /** Looks at what was said with somebody, which reads it. */
  async function openWith(id: string): Promise<void> {
    wanted = id
    const [said] = await Promise.all([api<Open>(`/conversations/${id}`), api(`/conversations/${id}/read`, {})])
    if (wanted === id) show(said.with, [...said.messages, ...pushed])
  }

  /** Shows `more` where it belongs, once. */
  function show(other: Person, more: readonly Message[]): void {
    const before = open.value?.with.id === other.id ? open.value.messages : []
    const own = [...before, ...more].filter(({ from, to }) => from === other.id || to === other.id)
    const byId = new Map(own.map((message) => [message.id, message]))
    open.value = { with: other, messages: [...byId.values()].toSorted((a, b) => a.id - b.id) }
  }

  /** Sends, and marks read what it answers. Shown when it is stored. */
  async function send(text: string): Promise<void> {
    const to = open.value?.with.id
    if (to !== undefined) append(await api<Message>(`/conversations/${to}`, { text }))
  }

  function append(message: Message): void {
    pushed = [...pushed, message].slice(-KEPT)
    if (open.value !== undefined) show(open.value.with, [message])
  }

  /** Takes what was pushed. */
  async function take(told: Told): Promise<void> {
    if (told.type === 'new_message') {
      append(told.message)
      if (told.message.from === open.value?.with.id && document.visibilityState === 'visible')
        await api(`/conversations/${told.message.from}/read`, {})
    }
    await refreshList()
  }

  function close(): void {
    wanted = undefined
    open.value = undefined
  }

  function reset(): void {
    close()
    pushed = []
    conversations.value = []
  }

  return { conversations, open, unread, refresh, openWith, send, take, close, reset }
})
