// The other nodes behind the same proxy. A body or a poll for a connection of one of them is handed to it, and its answer back as it
// comes: the proxy need not know who is where. What was handed on once is not handed on again.

import { StaywireError } from '../../../protocol/error-code.ts'
import type { ServerOptions } from '../../options.ts'
import type { Exchange } from './exchange.ts'
import { HANDED_ON_BY, Peer, type Forwarding } from './peer.ts'

/** The peers of a node, by name. */
export class Peers {
  readonly #byName = new Map<string, Peer>()

  /** `most`: how many requests may be under way to each. Throws a `StaywireError` `bad-option` for what cannot be a peer. */
  constructor({ node, peers = {} }: ServerOptions, most: number, report: (forwarding: Forwarding) => void) {
    const entries = Object.entries(peers)
    if (entries.length > 0 && node === undefined)
      throw new StaywireError('bad-option', 'There are peers, and this node has no name.', {
        fix: 'Give `node` the name that the peers know it by.',
      })
    for (const [name, url] of entries) {
      const usable = usablePeer(name, url)
      // All nodes can have the same list.
      if (name !== node) this.#byName.set(name, new Peer(name, usable, { by: node ?? '', most, report }))
    }
  }

  /** The peer that a session is on; `undefined` for sessions of this node and of nobody. */
  of(session: unknown, { request }: Exchange): Peer | undefined {
    if (typeof session !== 'string' || request.headers[HANDED_ON_BY] !== undefined) return undefined
    return this.#byName.get(session.slice(0, Math.max(0, session.indexOf('.'))))
  }

  /** Lets go of all ways to them. */
  close(): void {
    for (const peer of this.#byName.values()) peer.close()
  }
}

function usablePeer(name: string, text: string): URL {
  const url = URL.parse(text)
  const plain = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (/^[A-Za-z0-9-]{1,64}$/.test(name) && plain && url.username === '' && url.password === '') return url
  throw new StaywireError('bad-option', `peers has ${JSON.stringify(name)} at ${JSON.stringify(text)}.`, {
    fix: 'Write the name of each node, and the URL of its path: b: "http://10.0.0.2:8080/realtime".',
  })
}
