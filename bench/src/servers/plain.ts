/**
 * What the plain servers (node:net and `ws`) have in common: channels taken from the path, three commands, no sessions, no offsets.
 * `e…` is answered as it came; `p<channel> <body>` is sent to the channel; `a<channel> <body>` too, and answered `a`.
 */

import type { BenchServer } from './bench-server.ts'

/** What a plain server brings: how it listens, what a publication becomes once, and how that is written to one link. */
export interface Engine<Link, Prepared> {
  /** Listens and reports links; the path is `/<channel>`. */
  start(events: EngineEvents<Link>): Promise<number>
  /** Done once per publication. */
  prepare(text: string): Prepared
  /** Done once per subscriber. */
  write(link: Link, prepared: Prepared): void
}

/** What an engine reports. */
export interface EngineEvents<Link> {
  opened(link: Link, path: string): void
  text(link: Link, text: string): void
  closed(link: Link, path: string): void
}

/** A server under test from an engine. */
export function plainServer<Link, Prepared>(engine: Engine<Link, Prepared>): BenchServer {
  const channels = new Map<string, Set<Link>>()
  let connections = 0

  const publish = (channel: string, body: string): void => {
    const links = channels.get(channel)
    if (links === undefined) return
    const prepared = engine.prepare(body)
    for (const link of links) engine.write(link, prepared)
  }

  const events: EngineEvents<Link> = {
    opened(link, path) {
      connections += 1
      const channel = path.slice(1)
      const links = channels.get(channel)
      if (links === undefined) channels.set(channel, new Set([link]))
      else links.add(link)
    },
    text(link, text) {
      const command = text[0]
      if (command === 'e') {
        engine.write(link, engine.prepare(text))
        return
      }
      const space = text.indexOf(' ')
      publish(text.slice(1, space), text.slice(space + 1))
      if (command === 'a') engine.write(link, engine.prepare('a'))
    },
    closed(link, path) {
      connections -= 1
      const channel = path.slice(1)
      const links = channels.get(channel)
      links?.delete(link)
      if (links?.size === 0) channels.delete(channel)
    },
  }

  return { start: () => engine.start(events), publish, connections: () => connections }
}
