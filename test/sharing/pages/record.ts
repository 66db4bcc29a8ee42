// A page without a framework that writes down all that its client tells, and can close it. What the client holds on to is counted
// from before the library is loaded.

import { held } from './held.ts'
import { createClient, type Client } from 'staywire/client'
import { getToken } from './wire.ts'

/** The page as a test drives it. */
export interface Recorder {
  client: Client
  /** Statuses, outcomes and publications in the order in which they were told. */
  readonly log: string[]
  /** A name of this load: a page that comes back from where the browser had put it aside has the same. */
  readonly load: number
  readonly held: typeof held
  /** What the console was warned of. */
  readonly warnings: string[]
  /** Closes the client. */
  close(): void
  /** Makes the client anew. */
  open(): void
}

const asked = new URLSearchParams(location.search)
/** Of a worker's script, where the address of the page names one. */
const worker = asked.get('worker')
/** Whether the page is to have a connection of its own. */
const alone = asked.get('share') === 'tab'

const recorder: Recorder = {
  client: undefined as never,
  log: [],
  load: Math.random(),
  held,
  warnings: [],
  close: () => recorder.client.close(),
  open() {
    const client = createClient('/realtime', {
      getToken,
      ...(alone && { share: 'tab' }),
      ...(worker !== null && { worker }),
    })
    recorder.client = client
    client.on('status', (status) => recorder.log.push(status))
    const subscription = client.subscribe<{ text: string }>('chat:life', ({ data }) => recorder.log.push(data.text))
    subscription.on('outcome', (outcome) => recorder.log.push(outcome))
  },
}
console.warn = (...words: unknown[]) => recorder.warnings.push(words.join(' '))
recorder.open()
Object.assign(window, { recorder })
