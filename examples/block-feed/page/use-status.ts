// What the server says about itself, asked every second while somebody looks.

import { onMounted, onUnmounted, ref, type Ref } from 'vue'

const EVERY_MS = 1_000

/** The answer of `GET /ws/status`. Times are Unix seconds. */
export interface ServerStatus {
  readonly total_clients: number
  readonly active_connections: readonly {
    readonly remote_addr: string
    readonly subscribed_to: Readonly<Record<string, true>>
    readonly connected_at: number
  }[]
  readonly subscription_stats: Readonly<Record<string, number>>
  readonly last_updated: number
}

/** The newest answer; `undefined` before the first, and while the server does not answer. */
export function useStatus(): Ref<ServerStatus | undefined> {
  const status = ref<ServerStatus>()
  let timer: ReturnType<typeof setInterval> | undefined
  const ask = async () => {
    const answer = await fetch('/ws/status').catch(() => undefined)
    status.value = answer?.ok === true ? ((await answer.json()) as { data: ServerStatus }).data : undefined
  }
  onMounted(() => {
    void ask()
    timer = setInterval(() => void ask(), EVERY_MS)
  })
  onUnmounted(() => clearInterval(timer))
  return status
}
