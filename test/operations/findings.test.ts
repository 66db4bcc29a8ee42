// Leaks planted by real clients against a real server: each is named, and is over when it is mended. The
// clients bring no fence, as those do that leak: with one, the server ends the older connection by itself.

import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SPEC_OPTIONS } from '../conformance/harness/host.ts'
import { Peer } from '../conformance/harness/peer.ts'

interface Found {
  readonly kind: string
  readonly variant?: string
  readonly title: string
  readonly subject: { readonly user?: string; readonly address?: string }
}

const operations = createOperations({ authorize: () => true })
const server = createServer({ ...SPEC_OPTIONS, observer: operations.observer })
operations.watch(server)
const http = createHttpServer((request, response) => void operations.handler(request, response))
server.attach(http)
let port: number
/** Who stays until the end: tests that run at the same time cannot say which of them is over. */
const staying: Peer[] = []
function kept(peer: Peer): Peer {
  staying.push(peer)
  return peer
}
beforeAll(async () => {
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  port = (http.address() as AddressInfo).port
})
afterAll(async () => {
  for (const peer of staying) peer.drop()
  operations.stop()
  await server.close()
  http.close()
})

interface Page {
  readonly tab?: string
  readonly page?: string
  readonly instance?: string
  readonly label?: string
}

/** A user's page connects: by default the same component of the same page load, again. */
async function come(user: string, page: Page, slot?: string): Promise<Peer> {
  const origin = { browser: `browser of ${user}`, tab: 't1', page: 'p1', label: 'feed', ...page }
  const peer = await Peer.connect(`ws://127.0.0.1:${port}/realtime`, user, { origin, ...(slot && { slot }) })
  await peer.ask({ type: 'subscribe', channel: 'live:a' })
  return kept(peer)
}

async function findings(user: string): Promise<readonly Found[]> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/findings?user=${user}`)
  return ((await response.json()) as { findings: Found[] }).findings
}

/** Waits until the findings about a user are these. */
async function until(user: string, expected: readonly string[], withinMs: number): Promise<void> {
  const began = performance.now()
  const names = async () =>
    (await findings(user)).map(({ kind, variant }) => (variant === undefined ? kind : `${kind}.${variant}`))
  while (performance.now() - began < withinMs) {
    if (JSON.stringify(await names()) === JSON.stringify(expected)) return
    await pause(200)
  }
  expect(await names()).toEqual(expected)
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms))
}

/** Longer than what is made together is apart. */
const LATER_MS = 2_500

const leaks: Readonly<Record<string, (user: string) => Promise<Peer>>> = {
  'duplicate-instance.double-mount': async (user) => {
    await come(user, { instance: 'i1' })
    return come(user, { instance: 'i2' })
  },
  'duplicate-instance.route-change': async (user) => {
    const old = await come(user, { instance: 'i1', label: 'list' })
    await pause(LATER_MS)
    await come(user, { instance: 'i2', label: 'detail' })
    return old
  },
  'duplicate-instance.hot-reload': async (user) => {
    const old = await come(user, { instance: 'i1' })
    await pause(LATER_MS)
    await come(user, { instance: 'i2' })
    return old
  },
  'stale-page': async (user) => {
    const old = await come(user, { instance: 'i1' })
    await come(user, { page: 'p2', instance: 'i2' })
    return old
  },
  'reconnect-overlap': async (user) => {
    const old = await come(user, { instance: 'i1' })
    await come(user, { instance: 'i1' })
    return old
  },
  'two-owners': async (user) => {
    await come(user, { instance: 'i1' }, 'shared')
    return come(user, { tab: 't2', page: 'p2', instance: 'i2' }, 'shared')
  },
  'browser-over-one': async (user) => {
    const url = `ws://127.0.0.1:${port}/realtime`
    const origin = { browser: `browser of ${user}` }
    kept(await Peer.connect(url, user, { origin }))
    return Peer.connect(url, user, { origin })
  },
  'user-over-limit': async (user) => {
    const devices = Array.from({ length: 6 }, (_, device) =>
      Peer.connect(`ws://127.0.0.1:${port}/realtime`, user, { origin: { browser: `device ${device}` } }),
    )
    const [first, ...others] = await Promise.all(devices)
    others.forEach(kept)
    return first as Peer
  },
  'growing-subscriptions': async (user) => {
    const peer = await come(user, {})
    for (let count = 0; count < 24; count++) {
      await peer.ask({ type: 'subscribe', channel: `live:${user}-${count}` })
      await pause(500)
    }
    return peer
  },
  'tabs-not-shared': async (user) => {
    await come(user, { instance: 'i1' })
    return come(user, { tab: 't2', page: 'p2', instance: 'i2' })
  },
}

it.concurrent.each(Object.entries(leaks))('names %s, and is silent once it is mended', async (key, plant) => {
  const user = key.replaceAll(/\W/g, '')
  const wrong = await plant(user)
  await until(user, [key], 20_000)
  const [finding] = await findings(user)
  expect(finding?.title).not.toMatch(/[{}]/)
  wrong.drop()
  await until(user, [], 20_000)
})

it.concurrent('is silent about several devices of a user, and about a page that reloads as it should', async () => {
  const fence = (term: number) => ({ fence: [term, 1], slot: 't1' })
  for (const browser of ['phone', 'laptop', 'tablet']) {
    const origin = { browser, tab: 't', page: 'p', instance: browser }
    kept(await Peer.connect(`ws://127.0.0.1:${port}/realtime`, 'devices', { origin }))
  }
  for (const term of [1, 2, 3]) {
    const origin = { browser: 'b', tab: 't1', page: `p${term}`, instance: `i${term}` }
    kept(await Peer.connect(`ws://127.0.0.1:${port}/realtime`, 'reloads', { origin, ...fence(term) }))
  }
  await pause(7_000)
  expect([await findings('devices'), await findings('reloads')]).toEqual([[], []])
})

it.concurrent('names clients that do not say who they are, and listeners that become ever more', async () => {
  const url = `ws://127.0.0.1:${port}/realtime`
  const strangers = await Promise.all(Array.from({ length: 5 }, (_, count) => Peer.connect(url, `stranger ${count}`)))
  const undo: (() => void)[] = []
  const listen = setInterval(() => undo.push(server.on('connected', () => undefined)), 500)
  const kinds = async () => {
    const response = await fetch(`http://127.0.0.1:${port}/api/v1/findings`)
    return ((await response.json()) as { findings: Found[] }).findings.map(({ kind }) => kind)
  }
  const wanted = ['unidentified', 'listener-growth']
  const settled = async (there: boolean) => {
    const began = performance.now()
    while (performance.now() - began < 30_000) {
      const found = await kinds()
      if (wanted.every((kind) => found.includes(kind) === there)) return
      await pause(200)
    }
    expect((await kinds()).filter((kind) => wanted.includes(kind))).toEqual(there ? wanted : [])
  }
  await settled(true)
  clearInterval(listen)
  for (const end of undo) end()
  for (const peer of strangers) peer.drop()
  await settled(false)
})

it.concurrent('names a client that keeps coming and going, and an address that never gets in', async () => {
  for (let count = 0; count < 6; count++) {
    const peer = await come('restless', { instance: 'i1' })
    peer.drop()
    await peer.ended
    const stranger = await Peer.open(`ws://127.0.0.1:${port}/realtime`)
    stranger.send({ type: 'connect', id: 1 })
    expect((await stranger.ended).code).toBe(4001)
  }
  await until('restless', ['reconnect-loop'], 20_000)
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/findings?kind=never-authenticated&lang=zh`)
  expect(await response.json()).toMatchObject({
    findings: [{ subject: { address: '127.0.0.1' }, title: expect.stringMatching(/握手失败/) as string }],
  })
})
