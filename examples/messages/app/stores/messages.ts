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

/** The store. */
export const useMessages = defineStore('messages', () => {
  const api = useApi()
  const conversations = ref<readonly Conversation[]>([])
  const open = ref<Open>()
  const unread = computed(() => conversations.value.reduce((sum, { unread: more }) => sum + more, 0))

  async function refreshList(): Promise<void> {
    conversations.value = await api<readonly Conversation[]>('/conversations')
  }

  /** Everything that is shown, anew: after signing in and whenever the connection is back. */
  async function refresh(): Promise<void> {
    await Promise.all([refreshList(), open.value && openWith(open.value.with.id)])
  }

  /** Looks at what was said with somebody, which reads it. */
  async function openWith(id: string): Promise<void> {
    const [said] = await Promise.all([api<Open>(`/conversations/${id}`), api(`/conversations/${id}/read`, {})])
    open.value = said
  }

  /** Sends, and marks read what it answers. Shown when it is stored. */
  async function send(text: string): Promise<void> {
    const to = open.value?.with.id
    if (to !== undefined) append(await api<Message>(`/conversations/${to}`, { text }))
  }

  function append(message: Message): void {
    const { with: other, messages } = open.value ?? {}
    if (other === undefined || messages === undefined || ![message.from, message.to].includes(other.id)) return
    if (!messages.some(({ id }) => id === message.id)) open.value = { with: other, messages: [...messages, message] }
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
    open.value = undefined
  }

  function reset(): void {
    close()
    conversations.value = []
  }

  return { conversations, open, unread, refresh, openWith, send, take, close, reset }
})
