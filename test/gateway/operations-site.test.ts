// The operations API and page on the HTTP server of an application, here of a governed Socket.IO server with a route of its own.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveOperations } from '@staywire/gateway/operations'
import { govern } from '@staywire/socket.io'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import { createOperations } from 'staywire/operations'
import { afterAll, beforeAll, expect, it } from 'vitest'

const KEY = 'a key that nobody guesses'
const DEADLINE = { timeout: 20_000 }

const http = createHttpServer((request, response) => void response.end(`own ${request.method} ${request.url}`))
const io = new Server(http)
const operations = createOperations()
const governed = govern(io, {
  user: ({ handshake }) => handshake.query['userId'] as string,
  observer: operations.observer,
})
operations.watch(governed)
const stop = serveOperations(http, operations, { adminKey: KEY })
let url: string
beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
})
afterAll(async () => {
  operations.stop()
  governed.stop()
  await io.close()
})

const get = (path: string, headers: Readonly<Record<string, string>> = {}) => fetch(url + path, { headers })
const status = async (path: string, headers?: Readonly<Record<string, string>>) => (await get(path, headers)).status

it('answers what is its own to who has the key, and leaves the rest to the application and to Socket.IO', async () => {
  const socket = connect(url, { query: { userId: 'ada' }, forceNew: true })
  await expect.poll(() => socket.connected, DEADLINE).toBe(true)
  const key = { authorization: `Bearer ${KEY}` }
  const { connections } = (await (await get('/api/v1/connections', key)).json()) as { connections: { user: string }[] }
  expect(connections.map(({ user }) => user)).toEqual(['ada'])
  expect(await (await get('/metrics', key)).text()).toContain('staywire_users 1')
  expect(
    await Promise.all([status('/api/v1/connections'), status('/metrics', { authorization: 'Bearer no' })]),
  ).toEqual([401, 403])
  expect(await (await get('/dashboard')).text()).toContain('<div id="root">')
  expect((await (await get('/api/v1/openapi.json', key)).json()) as object).toMatchObject({ openapi: '3.1.0' })
  expect(await (await get('/orders?of=ada')).text()).toBe('own GET /orders?of=ada')
  const [{ id }] = connections as unknown as [{ id: string }]
  expect((await fetch(`${url}/api/v1/connections/${id}`, { method: 'DELETE', headers: key })).status).toBe(200)
  await expect.poll(() => [socket.connected, socket.active], DEADLINE).toEqual([false, false])
})

it('signs a browser in to the page', async () => {
  const signIn = (key: string) =>
    fetch(`${url}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url },
      body: JSON.stringify({ key }),
    })
  expect((await signIn('not the key')).status).toBe(403)
  const cookie = (await signIn(KEY)).headers.get('set-cookie')?.split(';')[0] ?? ''
  expect(await status('/api/v1/overview', { cookie })).toBe(200)
})

it('refuses to serve what nobody, or anybody, could use', () => {
  expect(() => serveOperations(http, operations, {})).toThrow('adminKey is missing')
  expect(() => serveOperations(http, operations, { adminKey: 'short' })).toThrow('shorter than 16')
})

it('is gone when it is taken off, and the application is not', async () => {
  await stop()
  expect(await (await get('/metrics')).text()).toBe('own GET /metrics')
  const socket = connect(url, { query: { userId: 'bob' }, forceNew: true })
  await expect.poll(() => socket.connected, DEADLINE).toBe(true)
  socket.disconnect()
  await expect.poll(() => governed.stats().connections, DEADLINE).toBe(0)
})
