/** The floor with the writes of a turn joined: one write per connection per turn, however many publications. */

import { serve } from './bench-server.ts'
import { netEngine, type Link } from './net-engine.ts'
import { plainServer } from './plain.ts'

let waiting: Link[] = []

function flush(): void {
  const links = waiting
  waiting = []
  for (const link of links) {
    const frames = link.queued ?? []
    delete link.queued
    const [only] = frames
    link.write(frames.length === 1 && only !== undefined ? only : Buffer.concat(frames))
  }
}

function write(link: Link, frame: Buffer): void {
  if (link.queued !== undefined) {
    link.queued.push(frame)
    return
  }
  link.queued = [frame]
  if (waiting.push(link) === 1) queueMicrotask(flush)
}

serve(plainServer(netEngine(write)))
