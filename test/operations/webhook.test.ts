// Alerts posted to a real HTTP server.
import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AlertChange } from '../../packages/staywire/src/operations/alerts/alerts.ts'
import { isPublic } from '../../packages/staywire/src/operations/alerts/io/public-address.ts'
import { Webhook, type WebhookOptions } from '../../packages/staywire/src/operations/alerts/io/webhook.ts'

const SECRET = 'a secret of some length'
const CHANGE: AlertChange = {
  type: 'began',
  alert: { rule: 'too-many', severity: 'WARN', summary: 'Too many.', since: 1, value: 2, bound: 1, silenced: false },
}

let server: Server
let received: { headers: IncomingMessage['headers']; body: string }[]
/** The statuses to answer with, first first; 204 once they are used up. */
let statuses: number[]
let failures: string[]
let hook: Webhook | undefined

beforeEach(async () => {
  ;[received, statuses, failures] = [[], [], []]
  server = createServer((request, response) => {
    void text(request).then((body) => {
      received.push({ headers: request.headers, body })
      const status = statuses.shift() ?? 204
      if (status === 0) request.socket.destroy()
      else response.writeHead(status, { location: '/elsewhere' }).end()
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
})

afterEach(async () => {
  hook?.close()
  await new Promise((done) => server.close(done))
})

function open(options: Partial<WebhookOptions> = {}, host = '127.0.0.1'): Webhook {
  hook = new Webhook({
    url: `http://${host}:${(server.address() as AddressInfo).port}/alerts`,
    secret: SECRET,
    allowPrivate: true,
    retryMs: [1, 1],
    onFailure: (_, error) => failures.push(error.message),
    ...options,
  })
  return hook
}

describe('a webhook', () => {
  it('gets each change once, in order, with a signature that can be checked', async () => {
    open().send(CHANGE)
    hook!.send({ ...CHANGE, type: 'ended' })
    await hook!.settled()
    expect(received.map(({ body }) => (JSON.parse(body) as AlertChange).type)).toEqual(['began', 'ended'])
    const { headers, body } = received[0]!
    const signed = `${headers['webhook-id'] as string}.${headers['webhook-timestamp'] as string}.${body}`
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`)
    expect(failures).toEqual([])
  })

  it('is tried again while it is down, under the same id', async () => {
    statuses = [503, 0]
    open().send(CHANGE)
    await hook!.settled()
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1)
    expect([received.length, failures]).toEqual([3, []])
  })

  it('is given up after the last try, and at once when it refuses; the next change is posted all the same', async () => {
    statuses = [500, 500, 500, 401]
    open().send(CHANGE)
    hook!.send(CHANGE)
    hook!.send(CHANGE)
    await hook!.settled()
    expect(failures).toEqual(['The webhook answered 500.', 'The webhook answered 401.'])
    expect(received).toHaveLength(5)
  })

  it('is not followed elsewhere', async () => {
    statuses = [302]
    open().send(CHANGE)
    await hook!.settled()
    expect([received.length, failures]).toEqual([1, ['The webhook answered 302.']])
  })

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]'])('is not dialled inside the network: %s', async (host) => {
    open({ allowPrivate: false, retryMs: [] }, host).send(CHANGE)
    await hook!.settled()
    expect(received).toEqual([])
    expect(failures).toEqual([expect.stringContaining('is not a public address')])
  })

  it('gets no more in a minute than it was asked to', async () => {
    open({ perMinute: 3 })
    for (let i = 0; i < 10; i++) hook!.send(CHANGE)
    await hook!.settled()
    expect([received.length, hook!.dropped]).toEqual([3, 7])
  })

  it('refuses what is no URL, and a secret anybody can guess', () => {
    expect(() => open({ url: 'ftp://example.com' })).toThrow('no http or https URL')
    expect(() => open({ secret: 'short' })).toThrow('fewer than 16')
  })
})

it.each([
  ['8.8.8.8', true],
  ['2606:4700::1111', true],
  ['10.1.2.3', false],
  ['169.254.169.254', false],
  ['::1', false],
  ['::ffff:10.0.0.1', false],
  ['64:ff9b::10.0.0.1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['not an address', false],
])('%s is public: %s', (address, expected) => expect(isPublic(address)).toBe(expected))
