// The three transports carry the same conversation: what PROTOCOL.md shows happens over each, and one script leaves the same
// history on all of them.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Conversation, Wire } from '../conformance/harness/conversation.ts'
import { hostForTest, type Host } from '../conformance/harness/host.ts'
import { replay, type Dial } from '../conformance/harness/replay.ts'
import { readTranscripts } from '../conformance/harness/transcript.ts'
import { PollPeer } from './harness/poll-peer.ts'
import { SsePeer } from './harness/sse-peer.ts'

const httpUrl = (host: Host): string => host.url.replace('ws:', 'http:')
const TRANSPORTS: readonly (readonly [name: string, dial: Dial])[] = [
  ['websocket', (host, protocol) => host.open({ protocols: [protocol] })],
  ['sse', (host) => Promise.resolve(new SsePeer(httpUrl(host)))],
  ['poll', (host) => Promise.resolve(new PollPeer(httpUrl(host)))],
]
const transcripts = readTranscripts(readFileSync(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')).filter(
  // A bare client is another thing on each transport.
  ({ steps }) => steps.every(({ step }) => step.does !== 'open-bare'),
)

describe.each(TRANSPORTS)('over %s', (_, dial) => {
  it.each(transcripts)('POST-1: the transcript happens as written: $title', async (transcript) => {
    await replay(transcript, await hostForTest({ heartbeat: {} }), dial)
  })
})

it('POST-1: one script leaves the same history on every transport', async () => {
  const histories = await Promise.all(TRANSPORTS.map(async ([, dial]) => perform(await hostForTest(), dial)))
  const [websocket, sse, poll] = histories as [unknown, unknown, unknown]
  expect(sse).toEqual(websocket)
  expect(poll).toEqual(websocket)
})

/** Everything a client can do, and what became of it, without what the server mints. */
async function perform(host: Host, dial: Dial): Promise<unknown> {
  const history: unknown[] = []
  const bystander = await host.connect('bob', { subscriptions: [{ channel: 'room:1', presence: 'members' }] })
  const ada = await dial(host, 'staywire.v1')
  ada.send({ type: 'connect', id: 1, token: 'ada', subscriptions: [{ channel: 'live:a' }, { channel: 'secret:x' }] })
  const connected = await ada.take('connected')
  history.push(connected, await ada.next(), await ada.next())
  const session = connected['session']
  for (const frame of FRAMES) history.push(frame, await ada.ask(frame))
  for (let n = 1; n <= 20; n++) await host.server.publish('live:a', { n, text: 'line\r\n\u2028end' })
  history.push(...(await taken(ada, 'publication', 20 + 1)))
  ada.send({ type: 'pong' })
  ada.send({ type: 'publish', channel: 'typing:a', data: 1 })
  history.push(await settled(ada))
  ada.drop()
  const position = { epoch: 'e', offset: 0 }
  for (let n = 1; n <= 10; n++) await host.server.publish('live:a', { late: n })
  const again = await dial(host, 'staywire.v1')
  const { epoch } = (await host.server.history('live:a')).position
  again.send({
    type: 'connect',
    id: 7,
    token: 'ada',
    session,
    subscriptions: [
      { channel: 'live:a', position: { epoch, offset: 15 } },
      { channel: 'live:b', position },
    ],
  })
  history.push(await again.take('connected'), await again.take('subscribed'), await again.take('subscribed'))
  history.push(...(await taken(again, 'publication', 16)))
  history.push((await host.server.presence('room:1')).count)
  again.send({ type: 'disconnect', end: true })
  history.push(await again.ended, again.inbox)
  history.push(await refused(host, dial, { type: 'connect', id: 1 }))
  history.push(await refused(host, dial, { type: 'subscribe', id: 1, channel: 'live:a' }))
  history.push(await refused(host, dial, 'not json'))
  history.push(await kicked(host, dial))
  bystander.drop()
  return normal(history)
}

const FRAMES: readonly Wire[] = [
  { type: 'subscribe', channel: 'room:1', presence: 'members' },
  { type: 'subscribe', channel: 'no spaces' },
  { type: 'subscribe', channel: 'typing:a' },
  { type: 'publish', channel: 'live:a', data: { hi: 'ünïcödé' }, key: 'k' },
  { type: 'publish', channel: 'live:a', data: { hi: 'ünïcödé' }, key: 'k' },
  { type: 'publish', channel: 'live:a', data: null, key: 'k' },
  { type: 'publish', channel: 'secret:x', data: 1 },
  { type: 'publish', channel: 'live:big', data: 'x'.repeat(70_000) },
  { type: 'publish', channel: 'live:deep', data: nested(40) },
  { type: 'publish', channel: 'live:__proto__', data: JSON.parse('{"__proto__":{"x":1}}') as unknown },
  { type: 'dance' },
  { type: 'call', method: 'add', data: [2, 3] },
  { type: 'call', method: 'constructor' },
  { type: 'history', channel: 'live:__proto__' },
  { type: 'presence', channel: 'room:1' },
  { type: 'refresh', token: 'ada' },
  { type: 'unsubscribe', channel: 'typing:a' },
]

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)]
}

async function taken(from: Conversation, type: string, count: number): Promise<Wire[]> {
  const frames: Wire[] = []
  while (frames.length < count) {
    const frame = await from.take(type)
    frames.push(frame)
  }
  return frames
}

/** What else came, sorted: presence and answers do not wait for each other. */
async function settled(from: Conversation): Promise<Wire[]> {
  return (await from.settle()).filter(({ type }) => type !== 'join' && type !== 'leave')
}

async function refused(host: Host, dial: Dial, first: object | string): Promise<unknown> {
  const peer = await dial(host, 'staywire.v1')
  peer.send(first)
  return [await peer.ended, peer.inbox]
}

async function kicked(host: Host, dial: Dial): Promise<unknown> {
  const peer = await dial(host, 'staywire.v1')
  peer.send({ type: 'connect', id: 1, token: 'eve' })
  await peer.take('connected')
  await host.server.user('eve').close({ reason: 'enough' })
  return [await peer.ended, peer.inbox]
}

const MINTED = new Set([
  'connection',
  'session',
  'node',
  'serverTime',
  'epoch',
  'life',
  'at',
  'secret',
  'presenceVersion',
])

function normal(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, inner: unknown) => (MINTED.has(key) ? `<${key}>` : inner)))
}
