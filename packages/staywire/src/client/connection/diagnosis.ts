// Why a connection ended, from the evidence. Concludes no more than that allows: the rest is `unknown`. PROTOCOL.md, CAUSE.

import type { ConnectionError, NetworkCause } from '../api.ts'
import { LATE_MS, STEADY_MS } from '../timing.ts'
import { closeClass } from '../../protocol/close-code.ts'
import type { ConnectedFrame } from '../../protocol/frame.ts'
import type { Ending } from './ending.ts'

/** What is known besides the ending. */
export type Evidence = Omit<ConnectionError['evidence'], 'wireCode'>

/** Judges the endings of one client, one after the other; what is found out later corrects the judgement. */
export class Diagnosis {
  #last: ConnectionError | undefined
  /** The last ending of a connection, where the server did not say why. */
  #lost: ConnectionError | undefined
  /** How long the last connection that was cut had been silent. */
  #silentMs = 0

  /** What happened, for people and programs. */
  judge({ code, reason, app, hopeless, overdue }: Ending, at: number, evidence: Evidence): ConnectionError {
    const kind = app || hopeless ? 'app' : closeClass(code)
    const { phase } = evidence
    const network = kind === 'network' ? this.#network(evidence, overdue) : undefined
    this.#last = {
      class: kind,
      code: (code ?? 0) < 4000 ? undefined : code,
      reason: reason || (phase === 'opening' ? 'could not connect' : 'connection dropped'),
      network,
      at,
      evidence: { ...evidence, wireCode: code },
    }
    if (phase === 'early' || phase === 'connected') this.#lost = network && this.#last
    return this.#last
  }

  /** The same, after a probe that was `answered` or not. `moves`: it shows that the transport is to blame. */
  probed(answers: boolean, moves: boolean): ConnectionError {
    const { network, evidence, ...last } = this.#last as ConnectionError
    const found = moves ? 'blocked' : answers ? network : 'server-down'
    return (this.#last = { ...last, network: found, evidence: { ...evidence, answers } })
  }

  /** Connected again: the last lost connection as the server saw it end, where it did end it. */
  told(previous: ConnectedFrame['previous']): ConnectionError | undefined {
    const lost = this.#lost
    this.#lost = undefined
    if (!previous || !lost) return undefined
    const { code, reason } = previous
    return { ...lost, class: closeClass(code), code, reason, network: undefined }
  }

  #network({ phase, onLine, timerLateMs, silentMs }: Evidence, overdue: boolean | undefined): NetworkCause {
    if (onLine === false) return 'offline'
    if (timerLateMs > LATE_MS) return 'woke-up'
    if (overdue || phase === 'opening' || phase === 'opened') return 'unknown'
    // Something that ends silent connections by a rule of its own ends them at the same age of silence.
    const steady = silentMs >= STEADY_MS && Math.abs(silentMs - this.#silentMs) <= silentMs / 20
    this.#silentMs = silentMs
    return steady ? 'proxy-timeout' : 'unknown'
  }
}
