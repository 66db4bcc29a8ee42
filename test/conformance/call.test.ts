// Calls: a question to the host, one answer.

import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { StaywireError } from 'staywire/protocol'
import { z } from 'zod'
import { startHost, type Host } from './harness/host.ts'
import type { Peer } from './harness/peer.ts'

const strict = vi.fn(({ n }: { n: number }) => n + 1)
let host: Host
let ada: Peer
beforeAll(async () => {
  host = await startHost({
    limits: { decisionTimeoutMs: 300 },
    calls: {
      add: (data: unknown) => (data as number[]).reduce((sum, one) => sum + one),
      nothing: () => undefined,
      who: (_: unknown, { user, connection }: { user: string; connection: string }) => ({ user, connection }),
      later: async (ms: unknown) => (await sleep(ms as number), ms),
      leak: () => {
        throw new Error('password is hunter2')
      },
      refuse: async () => {
        await sleep(1)
        throw new StaywireError('forbidden', 'Only on Sundays.')
      },
      strict: { data: z.object({ n: z.number() }), handle: strict },
    },
  })
  ada = await host.connect('ada')
  await ada.settle()
})
afterAll(() => host.close())

const call = (method: string, ...data: unknown[]) =>
  ada.ask({ type: 'call', method, ...(data.length > 0 && { data: data[0] }) })

it('CALL-1: is answered once with the value of the handler', async () => {
  expect(await call('add', [1, 2, 3])).toEqual({ type: 'result', id: expect.any(Number), data: 6 })
  expect(await call('nothing')).toMatchObject({ type: 'result' })
  const [connection] = await host.server.connections.list({ user: 'ada' })
  expect(await call('who')).toMatchObject({ data: { user: 'ada', connection: connection?.id } })
  expect(await ada.settle()).toEqual([])
})

it('CALL-1: many at once are each answered with their own value, a slow one holding back no other', async () => {
  const slow = call('later', 200)
  const quick = await Promise.all(Array.from({ length: 20 }, (_, n) => call('add', [n, n])))
  expect(quick.map((answer) => answer['data'])).toEqual(Array.from({ length: 20 }, (_, n) => 2 * n))
  expect(await slow).toMatchObject({ data: 200 })
})

it('CALL-2: an unknown method is `unknown-method`', async () => {
  expect(await call('subtract')).toMatchObject({
    type: 'error',
    code: 'unknown-method',
    temporary: false,
  })
})

it('CALL-3: data that the schema refuses never reaches the handler', async () => {
  expect(await call('strict', { n: 'one' })).toMatchObject({ type: 'error', code: 'invalid-data' })
  expect(await call('strict')).toMatchObject({ type: 'error', code: 'invalid-data' })
  expect(strict).not.toHaveBeenCalled()
  expect(await call('strict', { n: 1 })).toMatchObject({ data: 2 })
})

it('CALL-4: what a handler throws stays on the server, a `StaywireError` travels', async () => {
  const leaked = await call('leak')
  expect(leaked).toMatchObject({ type: 'error', code: 'call-failed' })
  expect(JSON.stringify(leaked)).not.toContain('hunter2')
  expect(await call('refuse')).toMatchObject({ type: 'error', code: 'forbidden', message: 'Only on Sundays.' })
})

it('CALL-5: a handler that is too slow is answered `timeout`, and its late value is ignored', async () => {
  expect(await call('later', 700)).toMatchObject({ type: 'error', code: 'timeout', temporary: true })
  await sleep(600)
  expect(await ada.settle()).toEqual([])
})
