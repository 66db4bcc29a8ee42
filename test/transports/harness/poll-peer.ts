// A client that polls: one request after the other, each telling which batch came last.

import type { Wire } from '../../conformance/harness/conversation.ts'
import { HttpPeer } from './http-peer.ts'

interface Batch {
  readonly seq: number
  readonly frames: readonly Wire[]
}

export class PollPeer extends HttpPeer {
  ack = 0
  #ended = false

  protected override async begin(text: string): Promise<void> {
    try {
      let response = await this.post('/poll', text)
      this.status = response.status
      if (response.status !== 200) {
        this.frame((await response.json()) as Wire)
        return this.finished()
      }
      while (response.status === 200) {
        const { seq, frames } = (await response.json()) as Batch
        this.ack = seq
        for (const frame of frames) this.frame(frame)
        this.#ended ||= frames.some(({ type }) => type === 'disconnect')
        if (this.#ended) return this.finished()
        response = await this.post('/poll', { ...this.credentials, ack: seq })
      }
      await response.text()
      this.finished()
    } catch {
      this.over({ code: 1006, reason: '' })
    }
  }
}
