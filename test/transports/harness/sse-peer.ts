// A client over an event stream, up by bodies; or one that only listens.

import type { Wire } from '../../conformance/harness/conversation.ts'
import { EventStreamReader, type StreamEvent } from './event-stream.ts'
import { HttpPeer } from './http-peer.ts'

export class SsePeer extends HttpPeer {
  headers = new Headers()
  /** Every event that came. */
  readonly events: StreamEvent[] = []
  readonly reader = new EventStreamReader((event) => {
    this.events.push(event)
    this.frame(JSON.parse(event.data) as Wire)
  })

  /** Listens only, as `EventSource` and `curl -N` do. Resolves with the answer's status. */
  static async listen(url: string, headers: Readonly<Record<string, string>> = {}): Promise<SsePeer> {
    const peer = new SsePeer(url)
    const response = await fetch(url, { headers, signal: peer.abort.signal })
    void peer.#read(response)
    return peer
  }

  protected override async begin(text: string): Promise<void> {
    try {
      await this.#read(await this.post('/sse', text))
    } catch {
      this.over({ code: 1006, reason: '' })
    }
  }

  async #read(response: Response): Promise<void> {
    this.status = response.status
    this.headers = response.headers
    try {
      if (response.status !== 200) this.frame((await response.json()) as Wire)
      else for await (const bytes of response.body as AsyncIterable<Uint8Array>) this.reader.push(bytes)
      this.finished()
    } catch {
      this.over({ code: 1006, reason: '' })
    }
  }
}
