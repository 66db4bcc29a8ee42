// The server's view and the client's view of one ending are the same, over every transport, whoever ended it and whether or not
// the word of it got through.

import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, type Client, type Transport } from 'staywire/client'
import type { ServerOptions } from 'staywire/server'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { openTunnel, type Tunnel } from './harness/tunnel.ts'

const WAIT = { timeout: 20_000 }

/** How the server has seen a connection end. */
interface Close {
  readonly code: number
  readonly reason: string
  readonly by: string
}

interface Scene {
  readonly host: Host
  readonly client: Client
  readonly tunnel: Tunnel
  /** How the server has seen connections end. */
  readonly ends: Close[]
}

async function sceneOf(transport: Transport, options: ServerOptions = {}): Promise<Scene> {
  const host = await hostForTest(options)
  const tunnel = await openTunnel(host.port)
  onTestFinished(() => tunnel.close())
  const url = `http://127.0.0.1:${tunnel.port}/realtime`
  const client = createClient(url, { getToken: () => 'ada', transports: [transport] })
  onTestFinished(() => client.close())
  const ends: Close[] = []
  host.server.on('disconnected', (_, close) => ends.push(close))
  await client.connect()
  return { host, client, tunnel, ends }
}

/** What both sides say of the first ending. */
async function views({ client, ends }: Scene): Promise<unknown> {
  await expect.poll(() => ends.length * client.errors().length, WAIT).toBeGreaterThan(0)
  const [end] = ends
  const [error] = client.errors()
  return { server: [end?.code, end?.reason], client: [error?.code, error?.reason] }
}

describe.each(['websocket', 'sse', 'poll'] as const)('over %s', (transport) => {
  it.each<[what: string, code: number, reason: string, act: (host: Host) => unknown]>([
    ['an operator', 4502, 'enough', ({ server }) => server.user('ada').close({ code: 4502, reason: 'enough' })],
    [
      'the application',
      4711,
      'game over',
      ({ server }) => server.user('ada').close({ code: 4711, reason: 'game over' }),
    ],
    ['close-all', 4107, 'moved', ({ server }) => server.connections.closeAll()],
    ['a drain', 4101, 'shutting down', ({ server }) => server.drain({ overMs: 0 })],
  ])('CAUSE-7: both say the same of a connection that %s ends', async (_, code, reason, act) => {
    const scene = await sceneOf(transport)
    await act(scene.host)
    expect(await views(scene)).toEqual({ server: [code, reason], client: [code, reason] })
  })

  it('CAUSE-7: both say the same of a connection whose path went silent, once they speak again', async () => {
    const scene = await sceneOf(transport, { heartbeat: { intervalMs: 600, timeoutMs: 300 } })
    scene.tunnel.silence()
    await expect.poll(() => scene.ends, WAIT).toEqual([{ code: 4102, reason: 'no pong', by: 'server' }])
    await expect.poll(() => scene.client.stats().reconnects, WAIT).toBe(1)
    expect(await views(scene)).toEqual({ server: [4102, 'no pong'], client: [4102, 'no pong'] })
  })

  it('CLOSE-12: both know that it was the client', async () => {
    const scene = await sceneOf(transport)
    scene.client.disconnect()
    await expect.poll(() => scene.ends, WAIT).toMatchObject([{ code: 1000, by: 'client' }])
    expect([scene.client.cause?.class, scene.client.errors()]).toEqual(['app', []])
  })
})

it.each(['websocket', 'sse'] as const)(
  'CAUSE-1: over %s both call a connection that was cut on the way lost',
  async (transport) => {
    const scene = await sceneOf(transport)
    scene.tunnel.cut()
    await views(scene)
    expect(scene.ends).toEqual([{ code: 1006, reason: '', by: 'network' }])
    expect(scene.client.errors()).toMatchObject([{ class: 'network', network: 'unknown', evidence: { transport } }])
  },
)

it('FALL-9: a poll that is cut on the way is repeated, and neither side sees an ending', async () => {
  const scene = await sceneOf('poll')
  const seen: unknown[] = []
  scene.client.subscribe('live:a', ({ data }) => seen.push(data))
  await expect.poll(() => scene.host.server.stats().subscriptions, WAIT).toBe(2)
  scene.tunnel.cut()
  await scene.host.server.publish('live:a', 'after')
  await expect.poll(() => seen, WAIT).toEqual(['after'])
  expect([scene.ends, scene.client.errors()]).toEqual([[], []])
})
