// Clients that take their time over a request are not waited for, and hold up nobody.

import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { ADMIN_KEY, gatewayForTest, USUAL } from './harness/gateway.ts'

const HEADERS = 'POST /api/v1/publish HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

/** Sends what is given and then nothing; says what came back and how long the server waited. */
function stall(port: number, bytes: string): Promise<{ answer: string; seconds: number }> {
  return new Promise((resolve) => {
    const started = performance.now()
    let answer = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
    socket.setEncoding('latin1').on('data', (chunk: string) => (answer += chunk))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve({ answer, seconds: (performance.now() - started) / 1_000 }))
  })
}

it('ends requests whose headers or bodies never end, while others are served', { timeout: 120_000 }, async () => {
  const gateway = await gatewayForTest(USUAL)
  const stalled = [
    stall(gateway.port, ''),
    stall(gateway.port, 'GET /health/live HT'),
    stall(gateway.port, HEADERS),
    stall(gateway.port, `${HEADERS}Authorization: Bearer ${ADMIN_KEY}\r\nContent-Length: 100\r\n\r\n{"channel":`),
  ]
  expect((await gateway.api('GET', '/api/v1/connections')).body['total']).toBe(0)
  const [silent, requestLine, headers, body] = await Promise.all(stalled)
  for (const { answer, seconds } of [requestLine!, headers!]) {
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(seconds).toBeLessThan(20)
  }
  expect(silent!.seconds).toBeLessThan(20)
  expect(body!.seconds).toBeLessThan(45)
})
