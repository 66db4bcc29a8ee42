// Whatever a server is mounted in, its clients notice nothing of it; and the host's own routes notice nothing of the server.

import { onTestFinished, describe, expect, it } from 'vitest'
import { createServer, type Server } from 'staywire/server'
import type { Conversation } from '../conformance/harness/conversation.ts'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'
import { MOUNTS, portOf, WITHOUT_WEBSOCKET, type Mount } from './harness/mounts.ts'
import { PollPeer } from './harness/poll-peer.ts'
import { SsePeer } from './harness/sse-peer.ts'

const JSON_BODY = { 'content-type': 'application/json' }
const WIRES: readonly (readonly [name: string, dial: (base: string) => Conversation | Promise<Conversation>])[] = [
  ['websocket', (base) => Peer.open(base.replace('http:', 'ws:'))],
  ['sse', (base) => new SsePeer(base)],
  // What browsers send without a preflight, and what programs send.
  ['sse, as JSON', (base) => new SsePeer(base, JSON_BODY)],
  ['poll', (base) => new PollPeer(base)],
  ['poll, as JSON', (base) => new PollPeer(base, JSON_BODY)],
]

async function start(mount: Mount): Promise<{ server: Server; origin: string }> {
  const server = createServer(SPEC_OPTIONS)
  const http = await mount(server)
  onTestFinished(async () => {
    await server.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  })
  return { server, origin: `http://127.0.0.1:${portOf(http)}` }
}

describe.each(Object.entries(MOUNTS))('%s', (name, mount) => {
  it.each(WIRES.filter(([wire]) => wire !== 'websocket' || !WITHOUT_WEBSOCKET.has(name)))(
    'POST-1: a conversation over %s',
    async (_, dial) => {
      const { server, origin } = await start(mount)
      const peer = await dial(`${origin}/realtime`)
      peer.send({ type: 'connect', id: 1, token: 'ada', subscriptions: [{ channel: 'live:a' }] })
      expect(await peer.take('connected')).toMatchObject({ user: 'ada' })
      expect((await server.connections.list())[0]?.address).toMatch(/127\.0\.0\.1$/)
      for (let n = 1; n <= 3; n++) await server.publish('live:a', { n })
      for (let n = 1; n <= 3; n++) expect(await peer.take('publication')).toMatchObject({ offset: n, data: { n } })
      expect(await peer.ask({ type: 'publish', channel: 'live:b', data: 'ünïcödé' })).toMatchObject({
        type: 'published',
        position: { offset: 1 },
      })
      peer.drop()
      // Nobody tells that a poll will not come again: its server finds out by its heartbeat.
      if (!(peer instanceof PollPeer)) await expect.poll(() => server.stats().connections).toBe(0)
    },
  )

  it('CLOSE-9, OUT-2: an end comes through with its code', async () => {
    const { server, origin } = await start(mount)
    const peer = new SsePeer(`${origin}/realtime`)
    peer.send({ type: 'connect', id: 1, token: 'ada' })
    await peer.take('connected')
    await server.user('ada').close({ reason: 'enough' })
    expect(await peer.ended).toEqual({ code: 4502, reason: 'enough' })
  })

  it('POST-2: a refusal comes through with its status', async () => {
    const { origin } = await start(mount)
    const peer = new SsePeer(`${origin}/realtime`)
    peer.send({ type: 'connect', id: 1 })
    expect([await peer.ended, peer.status]).toMatchObject([{ code: 4001 }, 401])
  })

  it('HTTP-3: health, and the host’s own route beside it', async () => {
    const { origin } = await start(mount)
    const health = await fetch(`${origin}/realtime/health`)
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }])
    const own = await fetch(`${origin}/own`, { method: 'POST', headers: JSON_BODY, body: '{"mine":1}' })
    expect([own.status, await own.json()]).toEqual([200, { mine: 1 }])
    expect((await fetch(`${origin}/realtime/nothing`)).status).toBe(
      name === 'node:http, attached' || name === 'node:http, routed by the host' ? 200 : 404,
    )
  })
})
