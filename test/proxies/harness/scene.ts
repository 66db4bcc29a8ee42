// One scene: gateways, a proxy in front of them, and clients that only know the proxy. All of it ends with its test.

import { once } from 'node:events'
import { onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import type { Transport } from 'staywire/client'
import { tokenOf } from '../../abuse/harness/token.ts'
import { ADMIN_KEY, gatewayForTest, USUAL, type Gateway } from '../../gateway/harness/gateway.ts'
import { ProxiedClient, until } from './client.ts'
import { freePort, Haproxy, Nginx, type Proxy } from './proxy.ts'

const CHANNEL = 'live:1'
const NAMES = ['one', 'two']
const RULES = { 'live:**': { subscribe: true, publish: true } }

/** A gateway; `flags` on top of the usual ones. */
export function gateway(...flags: readonly string[]): Promise<Gateway> {
  return gatewayForTest([...USUAL, '--channels', JSON.stringify(RULES), ...flags])
}

/** Two gateways that know each other. */
export async function peersForTest(): Promise<readonly Gateway[]> {
  const ports = [await freePort(), await freePort()]
  const peers = ports.flatMap((port, n) => ['--peer', `${NAMES[n]}=http://127.0.0.1:${port}`])
  return Promise.all(ports.map((port, n) => gateway('--port', String(port), '--node', NAMES[n] ?? '', ...peers)))
}

/** How many requests a gateway has handed on, none of them in vain. */
export async function forwardedBy({ url }: Gateway): Promise<number> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  const page = await response.text()
  const count = (outcome: string): number =>
    Number(new RegExp(`^staywire_forwarded_total\\{outcome="${outcome}"\\} (\\d+)$`, 'm').exec(page)?.[1])
  if (count('failed') !== 0) throw new Error(`${count('failed')} requests were handed on in vain.`)
  return count('answered')
}

/** The address that a client of `addressSeen` really has. */
export const CLAIMING_FROM = '127.0.0.77'

/** Connects through a proxy with TLS as somebody who claims to be elsewhere; the addresses under which the gateway has it. */
export async function addressSeen(to: Gateway, { port }: Proxy): Promise<readonly string[]> {
  const socket = new WebSocket(`wss://127.0.0.1:${port}/realtime`, ['staywire.v1'], {
    rejectUnauthorized: false,
    localAddress: CLAIMING_FROM,
    headers: { 'x-forwarded-for': '203.0.113.7' },
  })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connect', id: 1, token: tokenOf('elsewhere') }))
  await once(socket, 'message')
  const { body } = await to.api('GET', '/api/v1/connections?user=elsewhere')
  return (body['connections'] as { address: string }[]).map(({ address }) => address)
}

/** Who is connected to a gateway. */
export async function usersOf(to: Gateway): Promise<readonly string[]> {
  const { body } = await to.api('GET', '/api/v1/connections')
  return (body['connections'] as { user: string }[]).map(({ user }) => user)
}

/** What stands in a configuration of the docs, and what it is here. */
export type Changes = readonly (readonly [from: string, to: string])[]

/** A proxy that does not run yet. */
export async function proxyForTest(kind: 'nginx' | 'haproxy'): Promise<Proxy> {
  const port = await freePort()
  const proxy = kind === 'nginx' ? new Nginx(port) : new Haproxy(port)
  onTestFinished(() => proxy.end())
  return proxy
}

/** A configuration with changes, each of which must be possible. */
export function changed(config: string, changes: Changes): string {
  let text = config
  for (const [from, to] of changes) {
    if (!new RegExp(from).test(text)) throw new Error(`The configuration has no ${from}.`)
    text = text.replaceAll(new RegExp(from, 'g'), () => to)
  }
  return text
}

/** A client that knows the proxy only, connected and live. */
export async function clientForTest(
  origin: string,
  transports: readonly Transport[],
  { trusted, user = 'ada', live = true }: { trusted?: string; user?: string; live?: boolean } = {},
): Promise<ProxiedClient> {
  const wanted = { url: `${origin}/realtime`, token: tokenOf(user), channel: CHANNEL, transports }
  const client = new ProxiedClient(wanted, trusted)
  onTestFinished(() => client.end())
  if (live) await until(`a client is live over ${transports.join()}`, () => client.outcomes.includes('live'))
  return client
}

/** Publishes beside the proxy. */
export async function publish(to: Gateway, data: unknown): Promise<void> {
  const { status } = await to.api('POST', '/api/v1/publish', { channel: CHANNEL, data })
  if (status !== 200) throw new Error(`The publish was answered ${status}.`)
}
