/** The load process: one crowd against one server, driven by the conductor's asks. */

import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { answerAsks } from '../process/asks.ts'
import { Crowd, type Expected, type OpenOptions } from './crowd.ts'
import { Connection } from './connection.ts'
import type { Dialect } from './dialect.ts'
import type { Member, MemberOptions } from './member.ts'
import { plain } from './plain.ts'
import { PollConnection } from './poll.ts'
import { plainStream, StreamConnection, staywireStream, type StreamDialect } from './stream.ts'
import { socketIo } from './socket-io.ts'
import { staywire } from './staywire.ts'

type Join = (options: MemberOptions) => Member

const overWebSocket =
  (dialect: Dialect): Join =>
  (options) =>
    new Connection({ ...options, dialect })
const overStream =
  (dialect: StreamDialect): Join =>
  (options) =>
    new StreamConnection({ ...options, dialect })

const DIALECTS: Record<string, Join> = {
  plain: overWebSocket(plain),
  'socket.io': overWebSocket(socketIo),
  staywire: overWebSocket(staywire),
  'plain-stream': overStream(plainStream),
  'staywire-stream': overStream(staywireStream),
  'staywire-poll': (options) => new PollConnection(options),
}

/** Long enough for a frame that should not exist to arrive. */
const STRAGGLERS_MS = 100

let crowd: Crowd | undefined
let pace: Socket | undefined

function current(): Crowd {
  if (crowd === undefined) throw new Error('no dialect chosen yet')
  return crowd
}

answerAsks({
  async start({ dialect, pacePort }: { dialect: string; pacePort: number }) {
    const chosen = DIALECTS[dialect]
    if (chosen === undefined) throw new Error(`no dialect "${dialect}"`)
    crowd = new Crowd(chosen)
    pace = connect({ port: pacePort, host: '127.0.0.1', noDelay: true })
    await once(pace, 'connect')
  },
  open: (options: OpenOptions) => current().open(options),
  inspect: ({ on }: { on: boolean }) => current().inspect(on),
  pace: ({ steps, deliveries }: { steps: number; deliveries: number }) =>
    current().pace(() => pace?.write('s'), steps, deliveries),
  relay: ({ steps, acknowledged }: { steps: number; acknowledged: boolean }) => current().relay(steps, acknowledged),
  echo: ({ times }: { times: number }) => current().echo(times),
  async verify(expected: Expected) {
    await sleep(STRAGGLERS_MS)
    current().verify(expected)
  },
  leave: () => current().leave(),
})
