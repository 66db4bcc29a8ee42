// The world of a client in a page, a worker or Node: its timer, its page. Its network is apart.

import { Agenda } from '../agenda.ts'
import type { World } from '../world.ts'
import { createClock } from './clock.ts'
import { createTimer } from './timer.ts'

/** The world as it is. */
export function createWorld(): World {
  const clock = createClock()
  return {
    now: 0,
    out: [],
    agenda: new Agenda(),
    clock,
    random: Math.random,
    bytes: (text) => new TextEncoder().encode(text).length,
    timer: (fire) => createTimer(clock, fire),
    later: (act) => queueMicrotask(act),
  }
}
