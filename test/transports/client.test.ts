// The real client over each transport: one script leaves the same history on all of them, nothing is lost or doubled where
// answers get lost, and nothing is left behind.

import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createClient, type Client, type ClientOptions, type Transport } from 'staywire/client'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { openProxy, type Proxy, type ProxyRules } from './harness/proxy.ts'

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse', 'poll']
const WAIT = { timeout: 15_000 }

function clientOf(port: number, options: ClientOptions = {}): Client {
  const client = createClient(`http://127.0.0.1:${port}/realtime`, { getToken: () => 'ada', ...options })
  onTestFinished(() => client.close())
  return client
}

async function proxyOf(host: Host, rules: ProxyRules = {}): Promise<Proxy> {
  const proxy = await openProxy(host.port, rules)
  onTestFinished(() => proxy.close())
  return proxy
}

it('POST-1, FALL-1: one script leaves the same history with the client on every transport', async () => {
  const [websocket, sse, poll] = await Promise.all(TRANSPORTS.map(perform))
  expect(websocket).toHaveLength(47)
  expect(sse).toEqual(websocket)
  expect(poll).toEqual(websocket)
})

/** Everything an app can do with a client, and what it saw, without what was minted. */
async function perform(transport: Transport): Promise<unknown[]> {
  const history: unknown[] = []
  const host = await hostForTest()
  const bob = await host.connect('bob', { subscriptions: [{ channel: 'room:1', presence: 'members' }] })
  const client = clientOf(host.port, { transports: [transport] })
  client.on('status', (status, cause) => {
    // Told anew with its cause where what knows that came later than the ending.
    if ((history.at(-1) as unknown[] | undefined)?.[0] === status) history.pop()
    history.push([status, cause?.code, cause?.class])
  })
  await client.connect()
  expect(client.stats()).toMatchObject({ transport, user: 'ada' })
  const room = client.subscribe('room:1', undefined, { presence: 'members' })
  room.on('presence', ({ members, count }) => history.push(['presence', members, count]))
  const news = client.subscribe<{ n: number }>('live:news', ({ offset, data, from }) =>
    history.push([offset, data, from]),
  )
  news.on('outcome', (outcome, { recovered }) => history.push([outcome, recovered]))
  client.subscribe('secret:x').on('error', ({ code }) => history.push(code))
  const told = async (what: unknown): Promise<void> => {
    await expect.poll(() => JSON.stringify(history), WAIT).toContain(JSON.stringify(what))
  }
  await told('forbidden')
  await told('live')
  await told([{ user: 'bob' }, { user: 'ada' }])
  for (let n = 1; n <= 20; n++) await host.server.publish('live:news', { n, text: 'line\r\n\u2028end' })
  await told([20, { n: 20, text: 'line\r\n\u2028end' }, undefined])
  const published = await Promise.all([1, 2, 3].map((n) => client.publish('live:news', { own: n })))
  history.push(published.map(({ position, duplicate }) => [position?.offset, duplicate]))
  await told([23, { own: 3 }, 'ada'])
  const refused = client.publish('live:big', 'x'.repeat(70_000)).catch(({ code }: { code: string }) => code)
  history.push(await refused, await client.call('add', [2, 3]))
  history.push((await client.history('live:news', { limit: 2 })).publications.map(({ data }) => data))
  bob.drop()
  await host.server.user('ada').close({ code: 4107, reason: 'moved' })
  for (let n = 21; n <= 30; n++) await host.server.publish('live:news', { n })
  await told(['recovered', 10])
  await told([33, { n: 30 }, undefined])
  client.disconnect({ end: true })
  await expect.poll(() => host.server.stats().sessions, WAIT).toBe(1)
  history.push(client.errors().map(({ code, class: kind, network }) => [code, kind, network]))
  return history.filter((entry) => !(Array.isArray(entry) && entry[0] === 'presence'))
}

describe.each(TRANSPORTS)('over %s', (transport) => {
  it('CLI-8: nothing is left of a client a moment after it was closed', async () => {
    const host = await hostForTest()
    const proxy = await proxyOf(host)
    const client = clientOf(proxy.port, { transports: [transport] })
    client.subscribe('live:a')
    await client.connect()
    expect(host.server.stats()).toMatchObject({ connections: 1 })
    client.close()
    await expect
      .poll(() => [host.server.stats().connections, host.server.stats().sessions, proxy.open], WAIT)
      .toEqual([0, 0, 0])
  })
})

it('CLOSE-5: a server with no room is dialled again after the time that it tells, on every transport', async () => {
  await Promise.all(
    TRANSPORTS.map(async (transport) => {
      const host = await hostForTest({ limits: { connections: 1 } })
      const bob = await host.connect('bob')
      const client = clientOf(host.port, { transports: [transport] })
      void client.connect()
      await expect.poll(() => client.status, WAIT).toBe('waiting')
      expect(client.cause).toMatchObject({ code: 4202, class: 'capacity' })
      expect((client.stats().retryAt ?? 0) - Date.now()).toBeGreaterThan(900)
      bob.drop()
      await expect.poll(() => client.status, { timeout: 25_000 }).toBe('connected')
    }),
  )
})

describe.each(['sse', 'poll'] as const)('where answers get lost, over %s', (transport) => {
  it('FALL-9, POST-5: a publish whose answer was lost is stored once', async () => {
    const host = await hostForTest()
    const loses = new Set<string>()
    const proxy = await proxyOf(host, { loses })
    const client = clientOf(proxy.port, { transports: [transport] })
    await client.connect()
    for (let n = 1; n <= 5; n++) {
      loses.add('/frames')
      const { position, duplicate } = await client.publish('live:a', n)
      expect([position?.offset, duplicate]).toEqual([n, false])
    }
    expect(client.stats().reconnects).toBe(0)
  })
})

it('FALL-9, POLL-3: a batch whose answer was lost comes again, once', async () => {
  const host = await hostForTest()
  const loses = new Set<string>()
  const proxy = await proxyOf(host, { loses })
  const client = clientOf(proxy.port, { transports: ['poll'] })
  const seen: unknown[] = []
  client.subscribe('live:a', ({ data }) => seen.push(data))
  await client.connect()
  for (let n = 1; n <= 5; n++) {
    loses.add('/poll')
    await host.server.publish('live:a', n)
    await expect.poll(() => seen.length, WAIT).toBe(n)
  }
  await sleep(100)
  expect(seen).toEqual([1, 2, 3, 4, 5])
  expect(client.stats().reconnects).toBe(0)
})

describe('through networks that let some transports through', () => {
  it('FALL-2: that refuse upgrades, a stream is there within seconds', async () => {
    const host = await hostForTest()
    const proxy = await proxyOf(host, { upgrades: 'refuse' })
    const client = clientOf(proxy.port)
    const since = performance.now()
    await client.connect()
    await expect.poll(() => client.status, WAIT).toBe('connected')
    expect(client.stats().transport).toBe('sse')
    // Generous for a loaded machine: a transport that is waited for would take 5 s.
    expect(performance.now() - since).toBeLessThan(4_500)
    expect(client.errors()).toMatchObject([{ network: 'blocked', evidence: { transport: 'websocket', answers: true } }])
  })

  it('FALL-3: that refuse upgrades and hold streams back, polls are there', async () => {
    const host = await hostForTest()
    const proxy = await proxyOf(host, { upgrades: 'refuse', buffers: true })
    const client = clientOf(proxy.port)
    const seen: unknown[] = []
    client.subscribe('live:a', ({ data }) => seen.push(data))
    await expect.poll(() => client.stats().transport === 'poll' && client.status, WAIT).toBe('connected')
    await client.publish('live:a', 'hello')
    await expect.poll(() => seen, WAIT).toEqual(['hello'])
    await expect.poll(() => host.server.stats().connections, WAIT).toBe(1)
  })

  it('FALL-2: that swallow upgrades, a stream is there after 5 s', async () => {
    const host = await hostForTest()
    const proxy = await proxyOf(host, { upgrades: 'swallow' })
    const client = clientOf(proxy.port)
    await client.connect()
    expect(client.stats().transport).toBe('sse')
  })

  it('FALL-2: that cut WebSockets at 300 ms, a stream is there after the second, and nothing is lost', async () => {
    const host = await hostForTest()
    const proxy = await proxyOf(host, { upgrades: 300 })
    const client = clientOf(proxy.port)
    const seen: unknown[] = []
    client.subscribe('live:a', ({ data }) => seen.push(data))
    await client.connect()
    for (let n = 1; n <= 40; n++) {
      await host.server.publish('live:a', n)
      await sleep(50)
    }
    await expect.poll(() => client.stats().transport === 'sse' && client.status, WAIT).toBe('connected')
    await expect.poll(() => seen, WAIT).toEqual(Array.from({ length: 40 }, (_, n) => n + 1))
    expect(client.errors().map(({ network }) => network)).toEqual(['unknown', 'blocked'])
    expect(proxy.asked.filter((path) => path.startsWith('upgrade'))).toHaveLength(2)
  })
})
