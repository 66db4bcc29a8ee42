// The clients of a run: real ones, which live through all its rounds and come back by themselves. They publish and read without
// a break, and write down everything they are told.

import { setTimeout as sleep } from 'node:timers/promises'
import { createClient, StaywireError, type Client, type Publication, type Subscription } from 'staywire/client'
import { seededRandom, type Random } from 'staywire/testing'
import { token } from '../../gateway/harness/command.ts'
import type { Line } from '../history.ts'
import { SECRET } from './gateway-process.ts'

export const CHANNELS = ['load:0', 'load:1', 'load:2'] as const
const PUBLISHERS = 4
const SUBSCRIBERS = 4
/** Mean time between two publishes of one publisher. */
const PACE_MS = 30
/** Share of publishes that are made a second time with the same key. */
const REPEATED = 0.05
/** Ends of a publish after which it may have been stored. */
const UNCERTAIN = ['unknown', 'timeout']

export class Population {
  readonly lines: Line[] = []
  readonly #begun = performance.now()
  readonly #clients = new Map<string, Client>()
  readonly #subscriptions: { readonly client: string; readonly subscription: Subscription }[] = []
  readonly #random: Random
  readonly #publishing: Promise<void>[] = []
  readonly #open = new Set<Promise<void>>()
  #stopped = false

  constructor(seed: number) {
    this.#random = seededRandom(seed, 'population')
  }

  get clients(): readonly Client[] {
    return [...this.#clients.values()]
  }

  /** Milliseconds since this population was made; what `at` in its lines counts. */
  get now(): number {
    return performance.now() - this.#begun
  }

  /** Connects everybody, subscribes the readers, and begins to publish when all of them are live. */
  async start(url: string): Promise<void> {
    const names = [
      ...Array.from({ length: PUBLISHERS }, (_, n) => `publisher${n}`),
      ...Array.from({ length: SUBSCRIBERS }, (_, n) => `subscriber${n}`),
    ]
    // Two users: publishers of one user share its keys.
    const tokens = await Promise.all(['ada', 'bob'].map((user) => token(user, SECRET, '--expires', '6h')))
    for (const [index, name] of names.entries()) this.#join(url, name, tokens[index % 2] ?? '')
    await Promise.all(this.clients.map((client) => client.connect()))
    for (const name of names.slice(PUBLISHERS)) for (const channel of CHANNELS) this.#read(name, channel)
    await until('everybody reads', () => this.#subscriptions.every(({ subscription }) => subscription.state === 'live'))
    for (const name of names.slice(0, PUBLISHERS)) this.#publishing.push(this.#publish(name))
  }

  /** Waits until so many clients are connected, or until the time is up. */
  async back(count: number, withinMs: number): Promise<void> {
    const connected = (): number => this.clients.filter(({ status }) => status === 'connected').length
    for (const deadline = this.now + withinMs; this.now < deadline && connected() < count;) await sleep(10)
  }

  /** Stops publishing; returns when every publish has ended and everybody is connected. */
  async settle(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#publishing)
    await until('every publish has ended', () => this.#open.size === 0)
    await until('everybody is connected', () => this.clients.every(({ status }) => status === 'connected'))
  }

  /** Waits until every reader has come to the given offsets, or a while; writes down how far each has come. */
  async arrive(newest: ReadonlyMap<string, number>): Promise<void> {
    const there = ({ subscription }: { subscription: Subscription }): boolean =>
      subscription.position?.offset === newest.get(subscription.channel)
    // Whoever does not arrive is for the checker to judge.
    await until('everybody has read all', () => this.#subscriptions.every(there)).catch(() => undefined)
    for (const { client, subscription } of this.#subscriptions) {
      const { channel, position } = subscription
      if (position !== undefined) this.lines.push({ client, channel, type: 'end', position })
    }
  }

  close(): void {
    this.#stopped = true
    for (const client of this.clients) client.close()
  }

  #join(url: string, name: string, credential: string): void {
    // Kills follow each other faster than a connection becomes a stable one: without a cap the waits would only grow.
    const backoff = { network: { capMs: 1_000 } }
    const client = createClient(`${url}/realtime`, { getToken: () => credential, backoff, label: name })
    client.on('status', (status) => this.lines.push({ client: name, type: 'status', status, at: this.now }))
    this.#clients.set(name, client)
  }

  #read(name: string, channel: string): void {
    const subscription = this.#client(name).subscribe<unknown>(channel, (publication) => deliver(publication))
    const seen = { client: name, channel }
    let epoch = ''
    const deliver = ({ offset = 0, key = '' }: Publication): void =>
      void this.lines.push({ ...seen, type: 'delivered', position: { epoch, offset }, key })
    subscription.on('outcome', (outcome, { gap, recovered }) => {
      const position = gap?.to ?? subscription.position
      if (position === undefined) throw new Error(`${channel} has no position.`)
      epoch = position.epoch
      this.lines.push({ ...seen, type: 'outcome', outcome, recovered, position })
    })
    subscription.on('gap', (gap) => this.lines.push({ ...seen, type: 'gap', ...gap }))
    this.#subscriptions.push({ client: name, subscription })
  }

  async #publish(name: string): Promise<void> {
    const client = this.#client(name)
    const recent: { readonly channel: string; readonly key: string }[] = []
    for (let count = 0; !this.#stopped; count++) {
      const channel = CHANNELS[Math.floor(this.#random() * CHANNELS.length)] ?? CHANNELS[0]
      const key = `${name}-${count}`
      this.#follow(client, name, channel, key)
      recent.push({ channel, key })
      const again = this.#random() < REPEATED ? recent.at(-1 - Math.floor(this.#random() * 20)) : undefined
      if (again !== undefined) this.#follow(client, name, again.channel, again.key)
      await sleep(this.#random() * 2 * PACE_MS)
    }
  }

  /** Publishes, and writes down how it ends. */
  #follow(client: Client, name: string, channel: string, key: string): void {
    const line = { client: name, channel, key }
    this.lines.push({ ...line, type: 'asked' })
    const ended = client.publish<unknown>(channel, { key }, { key }).then(
      ({ position, duplicate }) => void this.lines.push({ ...line, type: 'stored', position, duplicate }),
      (error: unknown) => {
        const code = error instanceof StaywireError ? error.code : 'unexpected'
        this.lines.push({ ...line, type: UNCERTAIN.includes(code) ? 'unknown' : 'refused', code })
      },
    )
    this.#open.add(ended)
    void ended.then(() => this.#open.delete(ended))
  }

  #client(name: string): Client {
    const client = this.#clients.get(name)
    if (client === undefined) throw new Error(`There is no ${name}.`)
    return client
  }
}

/** Waits until something holds, for a minute at most. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(20)) if (holds()) return
  throw new Error(`It never came true that ${what}.`)
}
