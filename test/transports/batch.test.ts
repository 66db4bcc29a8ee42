// Several frames in one message with the real client, over each transport: what an app sees is what it sees without.

import { expect, it, onTestFinished } from 'vitest'
import { createClient, type Transport } from 'staywire/client'
import { hostForTest, SPEC_OPTIONS } from '../conformance/harness/host.ts'

const COUNT = 200

/** Counts what goes over it. */
class CountingSocket extends WebSocket {
  static received = 0
  static sent = 0
  constructor(url: string, protocol: string) {
    super(url, protocol)
    this.addEventListener('message', () => CountingSocket.received++)
  }
  override send(text: string): void {
    CountingSocket.sent++
    super.send(text)
  }
}

it.each<Transport>(['websocket', 'sse', 'poll'])(
  'BATCH-2, BATCH-4, BATCH-5: over %s everything that is gathered arrives once and in order, in far fewer messages',
  async (transport) => {
    const batch = { maxDelayMs: 50, maxCount: 50 }
    const { server, port } = await hostForTest({
      ...SPEC_OPTIONS,
      channels: { 'fast:**': { subscribe: true, publish: true, batch }, ...SPEC_OPTIONS.channels },
    })
    const client = createClient(`http://127.0.0.1:${port}/realtime`, {
      getToken: () => 'ada',
      transports: [transport],
      WebSocket: CountingSocket,
    })
    onTestFinished(() => client.close())
    const seen: unknown[] = []
    const fast = client.subscribe('fast:a', ({ offset, data }) => seen.push([offset, data]))
    await new Promise<void>((resolve) => void fast.on('outcome', () => resolve()))
    const before = server.stats().counters.framesReceived
    const stored = await Promise.all(Array.from({ length: COUNT }, (_, n) => client.publish('fast:a', n)))
    expect(stored.map(({ position }) => position?.offset)).toEqual(Array.from({ length: COUNT }, (_, n) => n + 1))
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(COUNT)
    for (let n = 0; n < COUNT; n++) void server.publish('fast:a', COUNT + n)
    await expect.poll(() => seen.length, { timeout: 10_000 }).toBe(2 * COUNT)
    expect(seen).toEqual(Array.from({ length: 2 * COUNT }, (_, n) => [n + 1, n]))
    expect(server.stats().counters.framesReceived - before).toBeGreaterThanOrEqual(COUNT)
    expect(client.stats().framesReceived).toBeGreaterThanOrEqual(2 * COUNT)
    if (transport !== 'websocket') return
    // Each publish is answered by itself; what was published goes and comes together.
    expect(CountingSocket.sent).toBeLessThan(COUNT / 4)
    expect(CountingSocket.received).toBeLessThan(COUNT + COUNT / 2)
  },
)
