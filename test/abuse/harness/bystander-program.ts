// Somebody who has nothing to do with it: a client in a process of its own that publishes all the time to a channel it reads, and
// counts what became of that. It has an opinion on nothing.

import { createClient } from 'staywire/client'

/** What it has seen since it was asked last. */
export interface Seen {
  /** Publications that came, each in its turn. */
  readonly received: number
  /** From publishing to receiving, in milliseconds. */
  readonly medianMs: number
  readonly p99Ms: number
  readonly mostMs: number
  /** What should not have happened: a hole, a double, a gap, a lost connection, a refused publish. */
  readonly disturbances: readonly string[]
}

const EVERY_MS = 10
const CHANNEL = 'watch:1'

const [url = '', token = ''] = process.argv.slice(2)
const sentAt = new Map<number, number>()
let published = 0
let last = 0
let delays: number[] = []
let disturbances: string[] = []
let asked = false

const client = createClient(url, { getToken: () => token })
client.on('status', (status, cause) => {
  if (status !== 'connected' && published > 0) disturbances.push(`${status}: ${JSON.stringify(cause)}`)
})
const subscription = client.subscribe<number>(CHANNEL, ({ data }) => {
  if (data !== last + 1) disturbances.push(`${data} came after ${last}`)
  last = data
  delays.push(performance.now() - (sentAt.get(data) ?? Infinity))
  sentAt.delete(data)
  if (asked && last === published) report()
})
subscription.on('outcome', (outcome) => {
  if (outcome === 'gap' || published > 0) disturbances.push(outcome)
  else begin()
})
process.on('message', () => {
  asked = true
  if (last === published) report()
})
process.on('disconnect', () => process.exit())

function begin(): void {
  setInterval(publish, EVERY_MS)
  process.send?.('ready')
}

/** Not while a report is due: what it waits for must come to an end. */
function publish(): void {
  if (asked) return
  sentAt.set(++published, performance.now())
  client.publish(CHANNEL, published).catch((error: unknown) => disturbances.push(String(error)))
}

function report(): void {
  asked = false
  const sorted = delays.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const seen: Seen = {
    received: sorted.length,
    medianMs: at(0.5),
    p99Ms: at(0.99),
    mostMs: at(1),
    disturbances,
  }
  delays = []
  disturbances = []
  process.send?.(seen)
}
