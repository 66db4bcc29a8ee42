// A crowd of real clients on real sockets: sent away over a time it goes over that time, and comes back spread. Larger crowds run in
// virtual time (test/simulation/storm.test.ts).

import { createServer as createHttpServer, type Server as HttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createClient } from 'staywire/client'
import { createServer, type Server } from 'staywire/server'

const CLIENTS = 100
const OVER_MS = 2_000

/** A process of a deploy: a server on a port. */
async function start(port: number, connected: () => void): Promise<{ server: Server; http: HttpServer; port: number }> {
  const server = createServer({
    anonymous: true,
    observer: { report: ({ type }) => type === 'connected' && connected() },
  })
  const http = createHttpServer()
  server.attach(http)
  await new Promise<void>((resolve) => http.listen(port, '127.0.0.1', resolve))
  onTestFinished(async () => {
    await server.close()
    http.closeAllConnections()
  })
  return { server, http, port: (http.address() as AddressInfo).port }
}

/** When so many of these had happened, as a share of the whole span. */
const reached = (times: readonly number[], share: number): number => {
  const [first = 0, last = 0] = [times[0], times.at(-1)]
  return ((times[Math.ceil(times.length * share) - 1] ?? 0) - first) / (last - first)
}

it(
  'CLOSE-4, CLOSE-9: a crowd that a deploy sends away goes over the time it is given, and all come back to the next process',
  { timeout: 90_000 },
  async () => {
    const back: number[] = []
    const gone: number[] = []
    const first = await start(0, () => undefined)
    const clients = Array.from({ length: CLIENTS }, () => createClient(`http://127.0.0.1:${first.port}/realtime`))
    onTestFinished(() => clients.forEach((client) => client.close()))
    await Promise.all(clients.map((client) => client.connect()))
    for (const client of clients)
      client.on('status', (status, cause) => {
        if (status === 'waiting' && cause?.code === 4101) gone.push(performance.now())
      })
    await first.server.drain({ overMs: OVER_MS, retryAfterMs: OVER_MS })
    first.http.closeAllConnections()
    await new Promise((resolve) => first.http.close(resolve))
    await start(first.port, () => back.push(performance.now()))
    expect(gone).toHaveLength(CLIENTS)
    for (const share of [0.25, 0.5, 0.75]) expect(Math.abs(reached(gone, share) - share)).toBeLessThan(0.25)
    await expect.poll(() => back.length, { timeout: 40_000 }).toBe(CLIENTS)
    expect(new Set(clients.map(({ status }) => status))).toEqual(new Set(['connected']))
    // However slow the machine is: half of them do not come in a tenth of the time that all take.
    const [tenth, most] = [((back.at(-1) ?? 0) - (back[0] ?? 0)) / 10, CLIENTS / 2]
    expect(Math.max(...back.map((from) => back.filter((at) => at >= from && at < from + tenth).length))).toBeLessThan(
      most,
    )
  },
)
