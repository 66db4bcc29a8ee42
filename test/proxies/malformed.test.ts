// Requests whose end two programs could see in different places, through a proxy: whoever refuses them, what one client sends
// never becomes the beginning of another's request on the connections that the proxy keeps.

import { connect } from 'node:tls'
import { describe, expect, it } from 'vitest'
import { haproxyHere, nginxHere } from './harness/changes.ts'
import { until } from './harness/client.ts'
import { documented, type Proxy } from './harness/proxy.ts'
import { changed, clientForTest, gateway, proxyForTest, publish, type Changes } from './harness/scene.ts'

/** What would be a request of its own, were it read as one. */
const HIDDEN = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n'
const chunked = 'Transfer-Encoding: chunked\r\n'

const REQUESTS: readonly (readonly [title: string, headers: string, body: string])[] = [
  ['both lengths, the short one first', `Content-Length: 4\r\n${chunked}`, `0\r\n\r\n${HIDDEN}`],
  ['both lengths, the long one last', `${chunked}Content-Length: ${5 + HIDDEN.length}\r\n`, `0\r\n\r\n${HIDDEN}`],
  ['two Content-Lengths', `Content-Length: 0\r\nContent-Length: ${HIDDEN.length}\r\n`, HIDDEN],
  ['a folded Transfer-Encoding', `Transfer-Encoding:\r\n chunked\r\n`, `0\r\n\r\n${HIDDEN}`],
  ['a Transfer-Encoding nobody knows', 'Transfer-Encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`],
  ['a chunk of no length', chunked, `zz\r\n${HIDDEN}`],
  ['a chunk longer than it says', chunked, `2\r\nabcdef\r\n0\r\n\r\n${HIDDEN}`],
  ['a chunk whose length overflows', chunked, `10000000000000002\r\nab\r\n0\r\n\r\n${HIDDEN}`],
]

/** Sends bytes over a connection of their own, and waits for all that is answered. */
function exchange({ port }: Proxy, text: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ host: '127.0.0.1', port, rejectUnauthorized: false }, () => socket.write(text))
    socket.setTimeout(1_000, () => socket.end())
    socket.setEncoding('utf8').on('data', (part: string) => (answer += part))
    socket.on('error', () => {}).on('close', () => resolve(answer))
  })
}

const ask = async (proxy: Proxy, path: string): Promise<string> =>
  (await exchange(proxy, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).slice(9, 12)

describe.each([
  ['nginx', 'nginx.conf', nginxHere],
  ['haproxy', 'haproxy.cfg', haproxyHere],
] as const)('HTTP-1: behind %s, a request with', (kind, config, here) => {
  it('an end that can be read in two ways changes nobody else’s', async () => {
    const trust = ['--trusted-proxy', '127.0.0.1/32', '--forwarded-header', 'x-forwarded-for']
    const to = await Promise.all([gateway(...trust), gateway(...trust)])
    const proxy = await proxyForTest(kind)
    const changes: Changes = here(proxy, kind === 'nginx' ? to.slice(0, 1) : to)
    await proxy.start(changed(documented(config), changes))
    const trusted = `${proxy.folder}/live.crt`
    const bystander = await clientForTest(`https://127.0.0.1:${proxy.port}`, ['websocket'], { trusted })
    for (const [title, headers, body] of REQUESTS) {
      const answer = await exchange(proxy, `POST /realtime/send HTTP/1.1\r\nHost: x\r\n${headers}\r\n${body}`)
      expect(answer, title).not.toMatch(/^HTTP\/1\.1 2/)
      // Were anything left over on a connection that is kept, one of these would get the answer to it.
      const paths = ['/health/live', '/nothing', '/health/live', '/nothing']
      expect(await Promise.all(paths.map((path) => ask(proxy, path))), title).toEqual(['200', '404', '200', '404'])
    }
    for (const gatewayBehind of to) await publish(gatewayBehind, 'still here')
    await until('the bystander has it', () => bystander.data.length === 1)
    expect(bystander.losses).toEqual([])
  })
})
