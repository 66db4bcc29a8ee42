// One polling client as a connection's link: it outlives every single request. A poll waits for frames for a while; a batch is
// sent again until it is acknowledged; of two polls the later one counts.

import type { DisconnectFrame } from '../../../protocol/frame.ts'
import { LIMITS } from '../../../protocol/limits.ts'
import type { Node } from '../../node/node.ts'
import { answerJson, refuse, turnAway } from './answer.ts'
import { HttpLink, type Gone } from './http-link.ts'
import type { Exchange } from './exchange.ts'
import { PollOutbox } from './poll-outbox.ts'

export class PollLink extends HttpLink {
  readonly transport = 'poll'
  readonly outbox: PollOutbox
  /** The poll that waits. */
  #parked: Exchange | undefined
  #patience: NodeJS.Timeout | undefined
  #grace: NodeJS.Timeout | undefined
  readonly #patienceMs: number
  #ending = false
  #due = false

  /** `first` is the poll that wants to become a connection. */
  constructor(first: Exchange, node: Node, gone: Gone) {
    super(node, gone)
    const { heartbeat, limits } = node.settings
    // Nothing is silent for longer than the heartbeat's interval anyway.
    this.#patienceMs = Math.min(LIMITS.pollMs.value, heartbeat.intervalMs)
    this.outbox = new PollOutbox(limits.outboxBytes, this, () => this.#answerSoon())
    this.#park(first)
  }

  /** Answers a poll, now or when there is something to say. PROTOCOL.md, POLL. */
  poll(exchange: Exchange, ack: number): void {
    this.heard()
    this.#answer(this.outbox.nothing())
    if (!this.outbox.acknowledge(ack))
      return refuse(exchange, { status: 409, code: 'bad-frame', message: 'No batch with that number was sent.' })
    this.#park(exchange)
    if (this.#ending) this.#last()
    else this.#answerWaiting()
  }

  /** A polling client that listens only does not exist. */
  ping(): void {}

  protected override refuse(told: DisconnectFrame): void {
    const exchange = this.#unpark()
    if (exchange !== undefined) turnAway(exchange, told)
    this.leave()
  }

  /** The last frames wait for a poll, but not for long. */
  protected override finish(): void {
    this.outbox.stop()
    this.#ending = true
    if (this.#parked !== undefined) return this.#last()
    this.#grace = setTimeout(() => this.leave(), LIMITS.closeGraceMs.value).unref()
  }

  protected override leave(): void {
    clearTimeout(this.#grace)
    const exchange = this.#unpark()
    if (exchange !== undefined) answerJson(exchange, 200, this.outbox.nothing())
    super.leave()
  }

  #park(exchange: Exchange): void {
    this.#parked = exchange
    this.#patience = setTimeout(() => this.#answer(this.outbox.nothing()), this.#patienceMs).unref()
    exchange.whenOver(() => {
      if (this.#parked === exchange) this.#unpark()
    })
  }

  #unpark(): Exchange | undefined {
    const exchange = this.#parked
    clearTimeout(this.#patience)
    this.#parked = undefined
    return exchange
  }

  /** At the end of this turn: what comes together goes together. */
  #answerSoon(): void {
    if (this.#due || this.#parked === undefined) return
    this.#due = true
    setImmediate(() => {
      this.#due = false
      this.#answerWaiting()
    })
  }

  #answerWaiting(): void {
    if (this.#parked === undefined) return
    const batch = this.outbox.take()
    if (batch !== undefined) this.#answer(batch)
  }

  #answer(body: string | Uint8Array): void {
    const exchange = this.#unpark()
    if (exchange !== undefined) answerJson(exchange, 200, body)
  }

  #last(): void {
    this.#answerWaiting()
    // One whose answer is lost learns the rest when it comes back.
    if (this.outbox.drained) this.leave()
  }
}
