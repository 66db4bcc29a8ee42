// A connection of a server by itself: what it is told goes in, what it wants comes out. For tests of its requests.

import { Rules } from '../server/channel/rules.ts'
import type { Answer } from '../server/connection/ask.ts'
import { Connection } from '../server/connection/connection.ts'
import type { Approach, Link } from '../server/connection/link.ts'
import type { Output } from '../server/connection/output.ts'
import { Guard } from '../server/guard/guard.ts'
import { Rates } from '../server/guard/rates.ts'
import { resolveSettings } from '../server/node/settings.ts'
import type { Identity, ServerOptions } from '../server/options.ts'
import { Session } from '../server/session/session.ts'

const OPEN = { subscribe: true, publish: true }
const OPTIONS: ServerOptions = {
  channels: { 'a:**': OPEN, 'room:**': { ...OPEN, presence: true }, 'typing:*': { ...OPEN, history: false } },
  calls: { add: () => 0 },
}
const link = { outbox: { send: () => undefined } } as unknown as Link
const approach: Approach = { address: '192.0.2.7', url: '/', headers: {}, token: undefined, bare: undefined }
/** A position in the one epoch there is. */
export const at = (offset: number): { epoch: string; offset: number } => ({ epoch: 'e', offset })

/** The connection `c1` of the node `n1`, of the user `ada` once it is connected. Reports are left out of what comes back. */
export class LoneConnection {
  now = 0
  readonly connection: Connection

  constructor(options: ServerOptions = {}, from: Partial<Approach> = {}, canAsk = true) {
    const { channels = {}, calls = {}, ...others } = { ...OPTIONS, ...options }
    const terms = {
      node: 'n1',
      settings: resolveSettings(others),
      rules: new Rules(channels, 'memory'),
      guard: new Guard(canAsk),
      rates: new Rates(resolveSettings(others).limits),
      methods: new Set(Object.keys(calls)),
      revoked: () => false,
      random: () => 0.999,
      wall: () => 1_700_000_000_000 + this.now,
      spreadMs: () => 1_000,
      dedupe: () => ({ windowMs: 300_000, life: 'l' }),
    }
    this.connection = new Connection('c1', link, { ...approach, ...from }, terms, { wake: () => undefined }, 0)
  }

  /** Sends a frame. */
  say(frame: object | string, bytes?: number): Output[] {
    const text = typeof frame === 'string' ? frame : JSON.stringify(frame)
    return this.#seen(this.connection.handle({ type: 'text', text, bytes: bytes ?? text.length }, this.now))
  }

  /** Answers a question. */
  answer(ticket: number, answer: Answer): Output[] {
    return this.#seen(this.connection.handle({ type: 'answer', ticket, answer }, this.now))
  }

  /** Lets time pass to `now`, looking whenever the connection wants to be looked at. */
  passTo(now: number): Output[] {
    const outputs: Output[] = []
    while (this.connection.wakeAt <= now) {
      this.now = this.connection.wakeAt
      outputs.push(...this.connection.handle({ type: 'wake' }, this.now))
    }
    this.now = now
    return outputs
  }

  /** Through the handshake, past the subscription to one's own channel. */
  connect(identity: Partial<Identity> = {}, expiresInMs?: number, more: object = {}): Output[] {
    this.say({ type: 'connect', id: 1, token: 't', ...more })
    this.answer(1, { kind: 'identity', identity: { user: 'ada', ...identity }, expiresInMs })
    const outputs = this.answer(2, {
      kind: 'admitted',
      session: new Session('s', 'x', 'ada'),
      resumed: false,
      previous: undefined,
    })
    return [...outputs, ...this.answer(3, { kind: 'position', position: at(0) })]
  }

  #seen(outputs: Output[]): Output[] {
    return outputs.filter(({ type }) => type !== 'report')
  }
}

/** The frames among what a connection wants. */
export const sent = (outputs: Output[]): object[] =>
  outputs.flatMap((output) => (output.type === 'send' ? [output.frame] : []))
