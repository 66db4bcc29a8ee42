// A tab that publishes all the time, reads what all others publish, and keeps in memory what it was told and when.

import { createClient } from 'staywire/client'

/** A publication as the tab got it. `at`: Unix time in milliseconds, by the clock of this machine. */
export interface Heard {
  readonly offset: number
  readonly data: string
  readonly at: number
}

declare global {
  interface Window {
    storm: Storm
  }
}

/** What the test asks of it. */
export interface Storm {
  readonly client: ReturnType<typeof createClient>
  readonly heard: Heard[]
  readonly outcomes: string[]
  /** Texts of the publishes that were made, and what became of those that ended. */
  readonly made: string[]
  readonly ended: Record<string, string>
  /** Publishes numbered texts from now on. */
  begin(name: string, everyMs: number): void
  end(): void
}

const client = createClient('/realtime', { worker: false })
let timer: ReturnType<typeof setInterval> | undefined
const storm: Storm = {
  client,
  heard: [],
  outcomes: [],
  made: [],
  ended: {},
  begin(name, everyMs) {
    timer = setInterval(() => {
      const text = `${name}-${storm.made.length}`
      storm.made.push(text)
      client.publish('chat:storm', text).then(
        ({ duplicate }) => (storm.ended[text] = duplicate ? 'again' : 'stored'),
        (error: unknown) => (storm.ended[text] = String(error)),
      )
    }, everyMs)
  },
  end: () => clearInterval(timer),
}
const show = (): void => {
  const { placement, why } = client.stats().sharing
  document.title = `${client.status} ${placement} ${why ?? ''}`.trim()
}

window.storm = storm
const chat = client.subscribe<string>('chat:storm', ({ offset = 0, data }) =>
  storm.heard.push({ offset, data, at: Date.now() }),
)
chat.on('outcome', (outcome) => storm.outcomes.push(outcome))
client.on('status', show)
show()
