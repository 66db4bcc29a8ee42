import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Ending } from '../connection/ending.ts'
import { CONNECTED } from '../../testing/scripted-server.ts'
import { openHttpLink } from './http-link.ts'

/** A request that a test answers. */
interface Asked {
  readonly url: string
  readonly init: RequestInit
  answer(response: Response): void
  fail(): void
}

const asked: Asked[] = []
afterEach(() => {
  asked.length = 0
  vi.unstubAllGlobals()
})

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

async function setUp(transport: 'sse' | 'poll') {
  vi.stubGlobal(
    'fetch',
    (url: string, init: RequestInit) =>
      new Promise<Response>((resolve, reject) => {
        asked.push({ url, init, answer: resolve, fail: () => reject(new TypeError('fetch failed')) })
        init.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))
      }),
  )
  const page = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('removeEventListener', page.removeEventListener.bind(page))
  const told: unknown[] = []
  const listener = {
    opened: () => told.push('opened'),
    text: (text: string) => told.push(JSON.parse(text)),
    ended: (ending: Ending) => told.push(ending),
  }
  const link = openHttpLink('wss://x.example/realtime?v=1', transport, listener, undefined)
  await turn()
  link.send('{"type":"connect","id":1}')
  await turn()
  return { link, told, page }
}

/** An event stream that a test writes. */
function stream(): { readonly response: Response; write(text: string): Promise<void>; end(): Promise<void> } {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
  const writer = writable.getWriter()
  return {
    response: new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } }),
    write: (text) => writer.write(new TextEncoder().encode(text)).then(turn),
    end: () => writer.close().then(turn),
  }
}

const batch = (seq: number, ...frames: object[]): Response => Response.json({ seq, frames })

describe('a stream', () => {
  it('SSE-1: is asked for with the connect frame, kept by nobody, with cookies, and read however it is cut', async () => {
    const { told } = await setUp('sse')
    expect(asked).toMatchObject([
      {
        url: 'https://x.example/realtime/sse?v=1',
        init: { method: 'POST', body: '{"type":"connect","id":1}', cache: 'no-store', credentials: 'include' },
      },
    ])
    const { response, write, end } = stream()
    asked[0]?.answer(response)
    for (const piece of [': hi\n\ndata: {"type":"pi', 'ng"}\r', '\n\r\nretry: 5\ndata:{"type":"pong"}\n', '\n'])
      await write(piece)
    expect(told).toEqual(['opened', { type: 'ping' }, { type: 'pong' }])
    await end()
    expect(told.at(-1)).toEqual({ reason: 'the stream ended' })
  })

  it('FALL-9: sends one body at a time, what waits together in the next, and one that failed again', async () => {
    const { link } = await setUp('sse')
    const { response, write } = stream()
    asked[0]?.answer(response)
    await write(`data: ${JSON.stringify(CONNECTED)}\n\n`)
    const who = { connection: 'c1', session: 's1', secret: 'x1' }
    const bodies = (): unknown[] => asked.slice(1).map(({ init }) => JSON.parse(init.body as string))
    link.send('{"n":1}')
    await turn()
    link.send('{"n":2}')
    link.send('{"n":3}')
    await turn()
    expect(bodies()).toEqual([{ ...who, seq: 1, frames: [{ n: 1 }] }])
    asked[1]?.fail()
    await vi.waitFor(() => expect(asked).toHaveLength(3), { timeout: 4_000 })
    asked[2]?.answer(new Response('bad gateway', { status: 502 }))
    await vi.waitFor(() => expect(asked).toHaveLength(4), { timeout: 4_000 })
    asked[3]?.answer(Response.json({ seq: 1 }))
    await vi.waitFor(() => expect(asked).toHaveLength(5), { timeout: 4_000 })
    const first = { ...who, seq: 1, frames: [{ n: 1 }] }
    expect(bodies()).toEqual([first, first, first, { ...who, seq: 2, frames: [{ n: 2 }, { n: 3 }] }])
  })

  it('tells what refuses it: a frame, or a status with the time to wait', async () => {
    const refused = await setUp('sse')
    const frame = { type: 'disconnect', code: 4202, reason: 'node full', retryAfterMs: 3_000 }
    asked[0]?.answer(Response.json(frame, { status: 503 }))
    await vi.waitFor(() => expect(refused.told).toContainEqual(frame))
    const other = await setUp('sse')
    asked[1]?.answer(new Response('<html>', { status: 503, headers: { 'Retry-After': '7' } }))
    const ending = { reason: 'answered with HTTP status 503', unreached: true, retryAfterMs: 7_000 }
    await vi.waitFor(() => expect(other.told).toContainEqual(ending))
  })

  it('is none when a page of somebody else comes, or nothing at all', async () => {
    const portal = await setUp('sse')
    asked[0]?.answer(new Response('<html>'))
    await vi.waitFor(() => expect(portal.told.at(-1)).toMatchObject({ unreached: true }))
    const dead = await setUp('sse')
    asked[1]?.fail()
    await vi.waitFor(() => expect(dead.told.at(-1)).toEqual({ reason: 'fetch failed', unreached: true }))
  })

  it('CLI-8: that is abandoned is aborted at once, and tells nothing more', async () => {
    const { link, told } = await setUp('sse')
    const { response, write } = stream()
    asked[0]?.answer(response)
    await turn()
    link.abandon()
    expect(asked[0]?.init.signal?.aborted).toBe(true)
    void write('data: {"type":"ping"}\n\n').catch(() => {})
    await turn()
    expect(told).toEqual(['opened'])
  })

  it('that is abandoned with something unsaid says it first', async () => {
    const { link } = await setUp('sse')
    const { response, write } = stream()
    asked[0]?.answer(response)
    await write(`data: ${JSON.stringify(CONNECTED)}\n\n`)
    link.send('{"type":"disconnect"}')
    link.abandon()
    await turn()
    expect(asked[1]?.init).toMatchObject({ keepalive: true, body: expect.stringContaining('disconnect') })
    expect(asked[0]?.init.signal?.aborted).toBe(false)
    asked[1]?.answer(Response.json({ seq: 1 }))
    await vi.waitFor(() => expect(asked[0]?.init.signal?.aborted).toBe(true))
  })

  it('FALL-10: of a page that is put away is aborted at once', async () => {
    const { told, page } = await setUp('sse')
    asked[0]?.answer(stream().response)
    await turn()
    page.dispatchEvent(new Event('pagehide'))
    expect(asked[0]?.init.signal?.aborted).toBe(true)
    expect(told.at(-1)).toEqual({ reason: 'the page was put away' })
  })
})

describe('polls', () => {
  it('POLL-2, POLL-3: follow each other, each with the batch that came last, and give a batch on once', async () => {
    const { told } = await setUp('poll')
    asked[0]?.answer(batch(1, CONNECTED))
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    const body = (n: number): unknown => JSON.parse(asked[n]?.init.body as string)
    expect([asked[1]?.url, body(1)]).toEqual([
      'https://x.example/realtime/poll?v=1',
      { connection: 'c1', session: 's1', secret: 'x1', ack: 1 },
    ])
    asked[1]?.answer(batch(2, { type: 'ping' }))
    await vi.waitFor(() => expect(asked).toHaveLength(3))
    asked[2]?.fail()
    await vi.waitFor(() => expect(asked).toHaveLength(4))
    asked[3]?.answer(batch(2))
    await vi.waitFor(() => expect(asked).toHaveLength(5))
    expect(body(4)).toMatchObject({ ack: 2 })
    expect(told).toEqual(['opened', CONNECTED, { type: 'ping' }])
  })

  it('end when the connection is gone, and when nothing answers for long', async () => {
    const gone = await setUp('poll')
    asked[0]?.answer(batch(1, CONNECTED))
    await vi.waitFor(() => expect(asked).toHaveLength(2))
    asked[1]?.answer(Response.json({ type: 'error', code: 'closed' }, { status: 410 }))
    await vi.waitFor(() => expect(gone.told.at(-1)).toEqual({ reason: 'a poll was answered with status 410' }))
  })

  it('are none when something else answers', async () => {
    const { told } = await setUp('poll')
    asked[0]?.answer(new Response('<html>'))
    await vi.waitFor(() => expect(told.at(-1)).toEqual({ reason: 'answered by something else', unreached: true }))
  })
})
