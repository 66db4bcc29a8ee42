// The live feed of the demo: real figures of this machine and this process, once a second.

import { cpus, freemem, totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Logger } from 'pino'
import type { Server } from 'staywire/server'
import { HOST_FIGURES } from './channels.ts'

const PERIOD_MS = 1_000
/** How often the event loop's delay is looked at; it is part of what is measured. Milliseconds. */
const LOOP_RESOLUTION_MS = 10
const NS_PER_MS = 1e6

/** One publication of the feed. */
export interface HostFigures {
  /** Unix milliseconds. */
  readonly at: number
  /** Share of all processors in use since the last one, 0 to 1. */
  readonly cpu: number
  /** Share of the memory in use, 0 to 1. */
  readonly memory: number
  readonly memoryBytes: number
  /** Longest delay of the event loop since the last one. */
  readonly loopDelayMs: number
  readonly connections: number
  readonly publicationsPerSecond: number
}

/** What is counted on and compared with the time before. */
interface Reading {
  readonly at: number
  readonly busyMs: number
  readonly allMs: number
  readonly publications: number
}

/** Publishes the figures until the returned function is called. */
export function publishHostFigures(server: Server, logger: Logger): () => void {
  const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS })
  delay.enable()
  let before = read(server)
  const timer = setInterval(() => {
    const now = read(server)
    const loopDelayMs = Math.max(0, delay.max / NS_PER_MS - LOOP_RESOLUTION_MS)
    delay.reset()
    const figures = figuresOf(before, now, {
      loopDelayMs,
      connections: server.stats().connections,
      total: totalmem(),
      free: freemem(),
    })
    before = now
    server
      .publish(HOST_FIGURES, figures)
      .catch((error: unknown) => logger.warn({ err: error }, 'host figures not published'))
  }, PERIOD_MS)
  return () => {
    clearInterval(timer)
    delay.disable()
  }
}

/** Figures out of two readings. Rounded: more digits would only be bytes. */
export function figuresOf(
  before: Reading,
  now: Reading,
  { loopDelayMs, connections, total, free }: { loopDelayMs: number; connections: number; total: number; free: number },
): HostFigures {
  const seconds = Math.max(now.at - before.at, 1) / 1_000
  return {
    at: now.at,
    cpu: rounded((now.busyMs - before.busyMs) / Math.max(now.allMs - before.allMs, 1), 3),
    memory: rounded((total - free) / total, 3),
    memoryBytes: total - free,
    loopDelayMs: rounded(loopDelayMs, 2),
    connections,
    publicationsPerSecond: rounded((now.publications - before.publications) / seconds, 1),
  }
}

function read(server: Server): Reading {
  const times = cpus().map((cpu) => cpu.times)
  const allMs = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0)
  const idleMs = times.reduce((sum, { idle }) => sum + idle, 0)
  return { at: Date.now(), busyMs: allMs - idleMs, allMs, publications: server.stats().counters.publications }
}

function rounded(value: number, digits: number): number {
  const factor = 10 ** digits
  return Math.round(value * factor) / factor
}
