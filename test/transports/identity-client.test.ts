// What a client makes of losing what it was given: over every transport, the real client against a real server.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { createClient, type Client, type Transport } from 'staywire/client'
import type { AuthenticateRequest, Identity } from 'staywire/server'
import { hostForTest, type Host } from '../conformance/harness/host.ts'

const WAIT = { timeout: 20_000 }

/** A token is `user/issuedAt/expiresAt`, times as they are in an identity. */
const authenticate = ({ token = '' }: AuthenticateRequest): Identity | null => {
  const [user = '', issuedAt, expiresAt] = token.split('/')
  if (user === '') return null
  return { user, issuedAt: Number(issuedAt), ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }) }
}
const start = (): Promise<Host> => hostForTest({ authenticate, channels: { 'live:**': { subscribe: true } } })

function clientOf(host: Host, transport: Transport, getToken: () => string): Client {
  const client = createClient(`http://127.0.0.1:${host.port}/realtime`, { getToken, transports: [transport] })
  onTestFinished(() => client.close())
  return client
}

/** Over every transport at once: what is waited for takes its time. */
async function overEach(perform: (transport: Transport) => Promise<void>): Promise<void> {
  await Promise.all((['websocket', 'sse', 'poll'] as const).map(perform))
}

it(
  'AUTH-10, CLOSE-3: comes back by itself with a newer token after its user was revoked, and misses nothing',
  () =>
    overEach(async (transport) => {
      const host = await start()
      const given: string[] = []
      const client = clientOf(host, transport, () => {
        given.push(`ada/${Date.now() + 1}`)
        return given.at(-1) ?? ''
      })
      const heard: unknown[] = []
      client.subscribe('live:a', ({ data }) => heard.push(data))
      await client.connect()
      await host.server.publish('live:a', 1)
      await expect.poll(() => heard, WAIT).toEqual([1])
      expect(await host.server.revoke({ user: 'ada' })).toBe(1)
      await host.server.publish('live:a', 2)
      await expect.poll(() => heard, WAIT).toEqual([1, 2])
      expect(client.errors()[0]).toMatchObject({ code: 4005, class: 'auth' })
      expect(given.length).toBeGreaterThanOrEqual(2)
    }),
  40_000,
)

it(
  'AUTH-11, CLOSE-3: gives up where the token stays the same',
  () =>
    overEach(async (transport) => {
      const host = await start()
      const token = `ada/${Date.now() - 1_000}`
      const client = clientOf(host, transport, () => token)
      await client.connect()
      await host.server.revoke({ user: 'ada' })
      await expect.poll(() => client.status, WAIT).toBe('failed')
      expect(host.server.stats().connections).toBe(0)
    }),
  40_000,
)

it(
  'AUTH-5, CLI-12: refreshes over the open connection before its token runs out',
  () =>
    overEach(async (transport) => {
      const host = await start()
      const client = clientOf(host, transport, () => `ada/${Date.now()}/${Date.now() + 6_000}`)
      const ends: unknown[] = []
      host.server.on('disconnected', (_, close) => ends.push(close))
      await client.connect()
      const [connection] = await host.server.connections.list()
      await sleep(14_000)
      expect(ends).toEqual([])
      expect((await host.server.connections.list())[0]?.id).toBe(connection?.id)
    }),
  40_000,
)
