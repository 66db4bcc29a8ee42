/** The one face every server under test shows the conductor, and the process around it. Measures only its own process. */

import { writeFileSync } from 'node:fs'
import type { Profiler, Session } from 'node:inspector/promises'
import { createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerAsks } from '../process/asks.ts'
import { listen } from './listen.ts'
import { bodyOf } from '../wire/body.ts'

/** How a server is set up for one scenario. */
export interface Setup {
  /** Number of channels, named `c0`, `c1`, …; each step publishes into all of them. */
  readonly channels: number
  /** What their names begin with instead of `c`. */
  readonly prefix?: string
  /** Publications per channel in one step, all in the same turn of the event loop. */
  readonly burst: number
  /** Shared secret for servers that check tokens. */
  readonly secret: string
}

/** A server under test. */
export interface BenchServer {
  /** Listens on 127.0.0.1 and answers with the port. */
  start(setup: Setup): Promise<number>
  /** Publishes one body to all subscribers of a channel. */
  publish(channel: string, body: string): void
  /** How many connections it holds; the conductor checks it against what the load holds. */
  connections(): number
  /** Collects garbage, where that is not `gc()` of `node --expose-gc`. */
  collect?(): void
  /** From now on its observer is told what happens, or nothing. */
  observe?(on: boolean): void
  /** CPU time that its observer has taken by a clock of its own, in µs. */
  standing?(): number
}

/** Memory after garbage collection, in bytes. */
export interface Memory {
  readonly rss: number
  readonly heap: number
}

declare const gc: (() => void) | undefined

/**
 * Runs a server under the conductor. Besides asks it listens for the load on a pace port: each byte there makes one step,
 * so that a step begins when the load has seen the last one through, without a detour over the conductor.
 */
export function serve(server: BenchServer): void {
  let profiling: Session | undefined
  let step = (): void => undefined
  answerAsks({
    async start(setup: Setup) {
      const port = await server.start(setup)
      const names = Array.from({ length: setup.channels }, (_, index) => `${setup.prefix ?? 'c'}${index}`)
      let sequence = 0
      step = () => {
        for (let nth = 0; nth < setup.burst; nth += 1) {
          const body = bodyOf(sequence)
          sequence += 1
          for (const name of names) server.publish(name, body)
        }
      }
      return { port, pace: await listenForPace(step) }
    },
    cpu: cpuSpent,
    step: () => step(),
    memory: () => measureMemory(server.collect ?? collectOnNode),
    connections: () => server.connections(),
    observe: ({ on }: { on: boolean }) => server.observe?.(on),
    standing: () => server.standing?.() ?? 0,
    async profile({ file }: { file?: string }) {
      if (file === undefined) profiling = await startProfile()
      else if (profiling !== undefined) writeFileSync(file, JSON.stringify(await stopProfile(profiling)))
    },
  })
}

/** CPU time of this process so far, user and system, in µs. */
export function cpuSpent(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}

function listenForPace(step: () => void): Promise<number> {
  const server = createServer((socket: Socket) => {
    socket.setNoDelay(true)
    socket.on('data', step)
    socket.on('error', () => socket.destroy())
  })
  return listen(server)
}

function collectOnNode(): void {
  if (typeof gc !== 'function') throw new Error('memory is measured with --expose-gc only')
  gc()
}

async function measureMemory(collect: () => void): Promise<Memory> {
  for (let round = 0; round < 2; round += 1) {
    collect()
    await sleep(250)
  }
  const { rss, heapUsed } = process.memoryUsage()
  return { rss, heap: heapUsed }
}

async function startProfile(): Promise<Session> {
  // Imported here, for not every runtime under test has it.
  const inspector = await import('node:inspector/promises')
  const session = new inspector.Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  return session
}

async function stopProfile(session: Session): Promise<Profiler.Profile> {
  const { profile } = await session.post('Profiler.stop')
  session.disconnect()
  return profile
}
