// Does what the machines of connections want done with the parts of a node: hub, presence, decisions, links. It decides
// nothing, and leaves the end of a connection to the node.

import { encodeFrame } from '../../protocol/codec.ts'
import type { ServerFrame } from '../../protocol/frame.ts'
import type { Connection } from '../connection/connection.ts'
import type { Input } from '../connection/input.ts'
import type { Output } from '../connection/output.ts'
import { Recovering } from '../connection/recovering.ts'
import { EncodedFrame } from '../hub/encoded-frame.ts'
import type { Hub } from '../hub/hub.ts'
import { RecentFrames } from '../hub/recent-frames.ts'
import { trailed } from '../observer/frame-trail.ts'
import type { Observer } from '../observer/observer.ts'
import type { Presence } from '../presence/presence.ts'
import type { Decisions } from './decisions.ts'

/** With what things are done. */
export interface Parts {
  readonly hub: Hub
  readonly presence: Presence
  readonly decisions: Decisions
  readonly observer: Observer
  /** Feeds what came of something into a connection. */
  readonly feed: (connection: Connection, input: Input) => void
}

const PING = new EncodedFrame(encodeFrame({ type: 'ping' }))
const PONG = new EncodedFrame(encodeFrame({ type: 'pong' }))

/** Everything that can be wanted, but the two that change who is there. */
export type Task = Exclude<Output, { readonly type: 'connected' | 'close' }>

export class Performer {
  readonly #parts: Parts
  readonly #recovering = new Map<Connection, Recovering>()
  readonly #recentFrames = new RecentFrames()

  constructor(parts: Parts) {
    this.#parts = parts
  }

  /** Does one thing. */
  perform(connection: Connection, task: Task, now: number): void {
    const { link } = connection
    const { hub, presence, observer } = this.#parts
    switch (task.type) {
      case 'send':
        if (connection.heartbeat !== undefined) connection.heartbeat.lastSentAt = now
        connection.sent = trailed(connection.sent, task.frame.type)
        if (task.frame.type === 'error')
          observer.report({ type: 'frame-refused', connection: connection.id, code: task.frame.code })
        return link.outbox.send(encode(task.frame))
      case 'send-text':
        return link.outbox.sendRequested(new EncodedFrame(task.text))
      case 'ask':
        return this.#ask(connection, task)
      case 'begin':
        // What is left of an earlier recovery was asked for by nobody any more, and must not go on behind what is told next.
        this.#recovering.get(connection)?.drop(task.channel)
        return hub.begin(task.channel, link.outbox)
      case 'join':
        return this.#join(connection, task.channel, task.upTo)
      case 'recover':
        return this.#recover(connection, task)
      case 'enter':
        return this.#enter(connection, task.channel)
      case 'leave':
        return this.leave(connection, task.channel, task.present === true, undefined)
      case 'unwatch':
        return presence.unwatch(task.channel, link.outbox)
      case 'pause':
        return link.pause()
      case 'resume':
        return link.resume()
      case 'ping':
        return link.ping()
      case 'report':
        return observer.report(task.event)
    }
  }

  /** Nothing of a channel any more. Where it was `present`, with `lingerFrom` (now) the member stays for a while. */
  leave(connection: Connection, channel: string, present: boolean, lingerFrom: number | undefined): void {
    const { hub, presence, observer } = this.#parts
    const { outbox } = connection.link
    hub.leave(channel, outbox)
    this.#recovering.get(connection)?.drop(channel)
    presence.unwatch(channel, outbox)
    if (present) presence.leave(channel, sessionOf(connection), lingerFrom)
    const subscriptions = connection.subscriptions?.size ?? 0
    observer.report({ type: 'unsubscribed', connection: connection.id, channel, subscriptions })
  }

  /** A connection is over: nothing more is sent to it. */
  stop(connection: Connection): void {
    this.#recovering.get(connection)?.stop()
    this.#recovering.delete(connection)
  }

  #ask(connection: Connection, { ticket, ask }: Output & { type: 'ask' }): void {
    const { decisions, feed } = this.#parts
    decisions.answer(connection, ask, (answer) => feed(connection, { type: 'answer', ticket, answer }))
  }

  #join(connection: Connection, channel: string, upTo: number): void {
    const { hub, feed } = this.#parts
    if (hub.join(channel, connection.link.outbox, upTo) === 'again') feed(connection, { type: 'behind', channel })
  }

  #recover(connection: Connection, { channel, publications, upTo }: Output & { type: 'recover' }): void {
    let recovering = this.#recovering.get(connection)
    if (recovering === undefined) {
      recovering = new Recovering(connection.link.outbox, this.#recentFrames, (arrived, offset) =>
        this.#join(connection, arrived, offset),
      )
      this.#recovering.set(connection, recovering)
    }
    recovering.add(channel, publications, upTo)
    if (recovering.idle) this.#recovering.delete(connection)
  }

  #enter(connection: Connection, channel: string): void {
    const data = connection.identity?.data
    const entry = { session: sessionOf(connection), user: connection.user, ...(data !== undefined && { data }) }
    this.#parts.presence.enter(channel, entry)
  }
}

/** Presence counts sessions; a connection without one stands for itself. */
function sessionOf(connection: Connection): string {
  return connection.session?.id ?? connection.id
}

function encode(frame: ServerFrame): EncodedFrame {
  if (frame.type === 'pong') return PONG
  return frame.type === 'ping' ? PING : new EncodedFrame(encodeFrame(frame))
}
