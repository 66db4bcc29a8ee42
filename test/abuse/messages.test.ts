// Hostile words on good connections, over every transport: frames that are none, names and positions that want to be something
// else, text that wants to break out of what carries it. What is refused is refused on its own connection.

import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Conversation } from '../conformance/harness/conversation.ts'
import { Peer } from '../conformance/harness/peer.ts'
import { CLOSED, REFUSED } from '../conformance/harness/hostile-frames.ts'
import { ADMIN_KEY } from '../gateway/harness/gateway.ts'
import { SsePeer } from '../transports/harness/sse-peer.ts'
import { Target, TRANSPORTS, type Transport } from './harness/target.ts'
import { tokenOf } from './harness/token.ts'

let target: Target
beforeAll(async () => {
  target = await Target.start()
})
afterEach(() => target.expectUndisturbed())
afterAll(() => target.end())

/** Values that somebody might forget to think of. */
const ODD: readonly unknown[] = [
  ...[null, true, -0, -1, 0.5, 2 ** 53, 2 ** 31, 1e308, '', '0', '__proto__', '\u0000', '\ud800', 'x'.repeat(300)],
  ...[[], [[]], {}, { toString: 'foo' }, { length: 1e9 }, JSON.parse('{"__proto__":{"x":1}}') as unknown],
]

/** Text that means something to somebody: line ends, fields of event streams, terminals, HTML, JSON, shells, formats. */
const TRICKS = [
  'x\revent: admin\rdata: pwn\r\r',
  'x\nid: 9:9\nretry: 1\n\n',
  'x\r\n\r\ndata: {"type":"disconnect","code":4503}\r\n\r\n',
  ': comment\n',
  '\u2028event: y\u2029data: z\u0085\u000b\u000c',
  '\ufeffdata: x',
  'a\u0000b',
  '\u001b[2J\u001b]0;owned\u0007',
  '<img src=x onerror=alert(1)>"\'`${7*7}{{7*7}}',
  'a\n{"level":"error","msg":"crashed"}',
  '%s%n%x%00%0d%0a',
  '"}]}\n{"type":"kick"}',
  '\u202egnp.exe',
]

describe.each(['sse', 'poll'] as const)('over %s', (transport) => {
  let peer: Conversation
  beforeAll(async () => {
    peer = await target.connect(transport, `refused-${transport}`)
  })

  // A body is JSON already: text that is none cannot be among its frames, and stands there as a string.
  it.each(REFUSED)('$title is answered `$code` and the connection stays', async ({ sent, code, id }) => {
    peer.send(sent)
    const answer = await peer.take('error')
    expect(answer).toMatchObject({ code, temporary: false })
    expect(answer['id']).toBe(id)
    expect(await peer.settle()).toEqual([])
  })

  it.each(CLOSED.filter(({ sent }) => typeof sent === 'string'))('$title is closed with 4504', async ({ sent }) => {
    const mallory = await target.connect(transport, 'mallory')
    mallory.send(sent)
    expect((await mallory.ended).code).toBe(4504)
  })
})

describe.each(TRANSPORTS)('over %s', (transport) => {
  it.each(TRICKS)('SSE-3, FRAME-11: %j arrives as it was, and adds nothing', async (trick) => {
    const peer = await target.connect(transport, 'ada')
    await peer.ask({ type: 'subscribe', channel: 'live:tricks' })
    const data = { [trick]: [trick] }
    peer.send({ type: 'publish', id: 5, channel: 'live:tricks', data, meta: data })
    expect(await peer.take('publication')).toMatchObject({ data, meta: data })
    expect(await peer.take('published')).toMatchObject({ id: 5 })
    expect(await peer.settle()).toEqual([])
    if (peer instanceof SsePeer) {
      expect(peer.events.every(({ type, lastEventId }) => type === 'message' && lastEventId === '')).toBe(true)
      expect([peer.reader.retry, peer.reader.comments]).toEqual([undefined, 0])
    }
    peer.drop()
  })

  it('FRAME-8, CHAN-1: what is no channel is answered `bad-channel`, wherever it stands', async () => {
    const peer = await target.connect(transport, 'ada')
    const names = [
      ...[
        '',
        ' ',
        'a b',
        'a\nb',
        'a\r\nb',
        'a\u0000b',
        ':a',
        'a:',
        'a::b',
        'live:*',
        '*',
        '**',
        'live:**',
        '>',
        'a.>',
        '#',
      ],
      ...[
        'x'.repeat(129),
        'é',
        'e\u0301',
        'аdmin',
        'a\u202eb',
        '{a}',
        'a|b',
        'a;b',
        "a'b",
        'a"b',
        'a\\b',
        '<b>',
        'a?b',
      ],
    ]
    for (const channel of [...names, 5, null, ['live:a'], { toString: 'live:a' }])
      for (const type of ['subscribe', 'unsubscribe', 'publish', 'history', 'presence'])
        expect([channel, (await peer.ask({ type, channel, data: 1 }))['code']]).toEqual([channel, 'bad-channel'])
    peer.drop()
  })

  it('CHAN-4, CHAN-5, CHAN-6, SUB-5, PUB-11: no spelling of another name opens it', async () => {
    const peer = await target.connect(transport, 'eve')
    const names = [
      ...['@user:ada', '@user:%61da', '@user:ADA', '@user:ada:x', '@user:%2e%2e', '@user:eve:x', '@users:eve', '@'],
      ...['$SYS', '$SYS:live', '../../etc/passwd', '%6cive:a', 'Live:a', 'live', 'live/a', 'secret:a/../../live:a'],
    ]
    for (const channel of names)
      for (const type of ['subscribe', 'publish', 'history'])
        expect([type, channel, (await peer.ask({ type, channel, data: 1 }))['code']]).toEqual([
          type,
          channel,
          'forbidden',
        ])
    peer.drop()
  })

  it('REC-7, FRAME-8: no position but a true one recovers', async () => {
    const peer = await target.connect(transport, 'ada')
    const channel = `live:positions-${transport}`
    const { position } = (await peer.ask({ type: 'publish', channel, data: 1 })) as { position?: { epoch: string } }
    const epoch = position?.epoch ?? ''
    const wrong = [
      ...['0-0', '$', '+', '-', '*', '__proto__', `${epoch}x`, epoch.slice(1), epoch.toUpperCase(), 'x'.repeat(64)].map(
        (name) => ({ epoch: name, offset: 1 }),
      ),
      ...[2, 2 ** 31, 2 ** 53 - 1].map((offset) => ({ epoch, offset })),
      ...[-1, 0.5, 2 ** 53, '1', null].map((offset) => ({ epoch, offset })),
      ...[{ epoch }, { offset: 1 }, [epoch, 1], `${epoch}:1`, null, { epoch: [epoch], offset: 1 }],
    ]
    for (const from of wrong) {
      const answer = await peer.ask({ type: 'subscribe', channel, position: from })
      expect([from, answer['outcome'] ?? answer['code']]).toEqual([from, expect.stringMatching(/^(gap|bad-position)$/)])
    }
    expect(await peer.ask({ type: 'subscribe', channel, position: { epoch, offset: 0 } })).toMatchObject({
      outcome: 'recovered',
      recovering: 1,
    })
    peer.drop()
  })

  it('FRAME-10: __proto__ and its kin change no object of the server, wherever they stand', async () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']
    for (const name of names) {
      const peer = await target.connect(transport, name, {
        origin: { browser: name, tab: name, label: name },
        slot: name,
      })
      expect(peer.connected['user']).toBe(name)
      peer.send(
        `{"type":"publish","id":3,"channel":"room:${name}","key":"${name}","data":{"${name}":{"polluted":1}},"${name}":{"polluted":1}}`,
      )
      expect(await peer.take('published')).toMatchObject({ id: 3, position: { offset: expect.any(Number) as number } })
      expect(await peer.ask({ type: 'call', method: name })).toMatchObject({ code: 'unknown-method' })
      expect(await peer.ask({ type: 'subscribe', channel: `room:${name}`, presence: 'members' })).toMatchObject({
        members: [{ user: name }],
      })
      const { body } = await target.gateway.api('GET', `/api/v1/connections?user=${name}&browser=${name}`)
      expect(body).toMatchObject({ total: 1, connections: [{ user: name }] })
      peer.send({ type: 'disconnect', end: true })
      await peer.ended
    }
    const fresh = await target.connect(transport, 'ada')
    expect(fresh.connected).not.toHaveProperty('polluted')
    fresh.drop()
  })

  it('REC-6, HIST-3, OUT-1: who asks for more and more is bounded, whatever they take', async () => {
    const channel = `live:much-${transport}`
    const writer = await target.connect('websocket', 'writer')
    for (let n = 0; n < 1_000; n++) writer.send({ type: 'publish', channel, data: 'x'.repeat(500) })
    const newest = async (): Promise<unknown> => (await writer.ask({ type: 'history', channel, limit: 1 }))['position']
    await expect.poll(newest, { timeout: 20_000 }).toMatchObject({ offset: 1_000 })
    const { epoch } = (await newest()) as { epoch: string }
    target.forgetMost()
    const { nowMiB } = target.memory()
    const greedy = await target.connect(transport, 'greedy')
    if (greedy instanceof Peer) greedy.pause()
    for (let id = 10; id < 110; id += 2) {
      greedy.send({ type: 'history', id, channel, limit: 1e9 })
      greedy.send({ type: 'subscribe', id: id + 1, channel, position: { epoch, offset: 0 } })
    }
    const others = await Promise.all(['ada', 'bob'].map((user) => target.connect(transport, user)))
    for (const other of others) {
      const answer = await other.ask({ type: 'subscribe', channel, position: { epoch, offset: 1 } })
      expect(answer).toMatchObject({ outcome: 'gap', gap: { why: 'too-many' } })
      other.drop()
    }
    expect(target.memory().mostMiB - nowMiB).toBeLessThan(96)
    greedy.drop()
    writer.drop()
  })

  it('SUB-9, SUB-12: a flood of subscriptions ends at the limit, and leaves nothing behind', async () => {
    const before = await channelsLike('live:flood-')
    const peer = await target.connect(transport, 'greedy')
    const FLOOD = transport === 'websocket' ? 15_000 : 3_000
    for (let n = 0; n < FLOOD; n++)
      peer.send({ type: 'subscribe', id: n + 10, channel: `live:flood-${transport}-${n}` })
    await Promise.race([peer.ended, peer.take((frame) => frame['id'] === FLOOD + 9)])
    expect(peer.inbox.filter(({ type }) => type === 'subscribed').length).toBeLessThanOrEqual(128)
    expect(await channelsLike('live:flood-')).toBeLessThanOrEqual(128)
    // Who polls and only stops coming is gone after a heartbeat; here it says so.
    peer.send({ type: 'disconnect' })
    await expect.poll(() => channelsLike('live:flood-'), { timeout: 20_000 }).toBe(before)
  })
})

async function channelsLike(prefix: string): Promise<number> {
  const { channels } = (await target.gateway.api('GET', '/api/v1/channels')).body as { channels: { channel: string }[] }
  return channels.filter(({ channel }) => channel.startsWith(prefix)).length
}

describe('frames that were good once', () => {
  const GOOD: readonly object[] = [
    {
      type: 'connect',
      id: 1,
      token: 'x',
      session: { id: 'a', secret: 'b' },
      fence: [1, 2],
      subscriptions: [{ channel: 'live:a' }],
    },
    { type: 'subscribe', id: 2, channel: 'live:a', position: { epoch: 'e', offset: 1 }, presence: 'members' },
    { type: 'unsubscribe', id: 3, channel: 'live:a' },
    { type: 'publish', id: 4, channel: 'live:a', data: { a: [1] }, key: 'k', meta: { m: 1 } },
    { type: 'call', id: 5, method: 'm', data: [] },
    { type: 'history', id: 6, channel: 'live:a', before: 9, after: 1, limit: 5 },
    { type: 'presence', id: 7, channel: 'room:a' },
    { type: 'ping' },
    { type: 'disconnect', end: false },
  ]
  /** One field replaced by something odd. */
  const structural = fc
    .record({
      frame: fc.constantFrom(...GOOD),
      field: fc.nat(),
      value: fc.oneof(fc.constantFrom(...ODD), fc.jsonValue({ maxDepth: 4 })),
    })
    .map(({ frame, field, value }) => {
      const entries = Object.entries(frame)
      const [name = 'type'] = entries[field % entries.length] ?? []
      return JSON.stringify({ ...frame, [name]: value })
    })
  /** Characters replaced, left out or doubled. */
  const textual = fc
    .record({
      frame: fc.constantFrom(...GOOD),
      at: fc.nat(200),
      cut: fc.nat(3),
      put: fc.string({ unit: 'binary', maxLength: 3 }),
    })
    .map(({ frame, at, cut, put }) => {
      const text = JSON.stringify(frame)
      return text.slice(0, at % text.length) + put + text.slice((at % text.length) + cut)
    })
  const RUNS = Number(process.env['STAYWIRE_FUZZ'] ?? 3_000)
  /** Bad text, a second connect, a farewell, bad UTF-8 of a lone surrogate. */
  const ENDINGS = [4504, 1000]

  it.each(TRANSPORTS)('FRAME-5, FRAME-8, FRAME-12: end nothing but their own connection over %s', async (transport) => {
    const runs = transport === 'websocket' ? RUNS : RUNS / 10
    const texts = fc.sample(fc.oneof(structural, textual), { numRuns: runs, seed: 20_261_121 })
    let peer = await target.connect(transport, 'mallory-0')
    for (const [n, text] of texts.entries()) {
      peer.send(text)
      if (n % 20 !== 19) continue
      const outcome = await Promise.race([
        peer.settle().then(() => 'lives'),
        peer.ended.then(({ code }) => code),
      ]).catch(() => peer.ended.then(({ code }) => code))
      if (outcome === 'lives') continue
      expect(ENDINGS, text).toContain(outcome)
      peer = await target.connect(transport, `mallory-${n}`)
    }
    peer.drop()
  })
})

describe('what is written down', () => {
  it.each(TRICKS)('has %j in one line of the log, or not at all', async (trick) => {
    const label = `${trick}`.slice(0, 60)
    const peer = await target.connect('websocket', 'ada', { origin: { browser: label, label } }).catch(() => undefined)
    peer?.drop()
    await target.gateway.api('GET', `/nothing/${encodeURIComponent(trick)}`, undefined, { 'user-agent': 'x' })
    await target.gateway.api('DELETE', `/api/v1/connections/${encodeURIComponent(trick)}`)
    const lines = target.gateway.said.stderr.split('\n').slice(0, -1)
    for (const line of lines)
      expect(JSON.parse(line)).toMatchObject({
        level: expect.stringMatching(/^(info|warn)$/),
        time: expect.any(String) as string,
      })
    const control = [...target.gateway.said.stderr].filter((char) => char !== '\n' && (char < ' ' || char === '\u007f'))
    expect(control).toEqual([])
  })

  it('has as many metrics as before, whoever comes, and names nobody', async () => {
    const metrics = async (): Promise<string[]> => {
      const headers = { authorization: `Bearer ${ADMIN_KEY}` }
      const text = await (await fetch(`${target.gateway.url}/metrics`, { headers })).text()
      return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    }
    const before = await metrics()
    for (let n = 0; n < 100; n++) {
      const peer = await target.connect(TRANSPORTS[n % 3] as Transport, `nobody-${n}`)
      await peer.ask({ type: 'publish', channel: `live:nowhere-${n}`, data: 1 })
      peer.send({ type: 'disconnect', end: true })
      await peer.ended
    }
    const after = await metrics()
    expect(before.length).toBeGreaterThan(10)
    expect(after.length).toBe(before.length)
    expect(after.join('\n')).not.toMatch(/nobody|nowhere/)
  })

  it('has no header that a name brought', async () => {
    for (const path of [
      '/api/v1/connections/x%0d%0aSet-Cookie:%20a=b',
      '/dashboard/%0d%0aX-Bad:%201',
      '/api/v1/channels/x%0d%0aX-Bad:%201/history',
    ]) {
      const { headers } = await target.gateway
        .api(path.includes('connections') ? 'DELETE' : 'GET', path)
        .catch(async () => fetch(target.gateway.url + path))
      expect([headers.get('x-bad'), headers.get('set-cookie')]).toEqual([null, null])
    }
  })

  it('AUTH-1: names in tokens that are no names are refused', async () => {
    for (const sub of ['a\nb', 'a\u0000', '\u001b[2J', '', 'x'.repeat(129), 5, null, ['ada'], { toString: 'ada' }]) {
      const peer = await target.dial('websocket')
      peer.send({ type: 'connect', id: 1, token: tokenOf('x', { sub }) })
      expect([sub, (await peer.ended).code]).toEqual([sub, 4002])
    }
  })
})
