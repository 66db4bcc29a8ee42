// Nothing happens, for longer than a proxy waits for something to happen: nobody may be cut off. `STAYWIRE_IDLE_MS=300000` makes it
// the five minutes that are promised; by default it is somewhat more than the minute after which both proxies give up.

import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { Transport } from 'staywire/client'
import { RawWebSocket } from '../abuse/harness/raw-websocket.ts'
import { printFigures } from '../figures.ts'
import { haproxyHere, plainNginx, UPGRADES } from './harness/changes.ts'
import { until } from './harness/client.ts'
import { documented } from './harness/proxy.ts'
import { changed, clientForTest, gateway, proxyForTest, publish } from './harness/scene.ts'

const TRANSPORTS: readonly Transport[] = ['websocket', 'sse', 'poll']
const IDLE_MS = Number(process.env['STAYWIRE_IDLE_MS'] ?? 70_000)

/** How long the impatient proxy waits: longer than a transport has to stay up to count as good. */
const IMPATIENT_SECONDS = 12

it(
  'HB-1, SSE-7, POLL-2, CAUSE-6: closes nobody, over any transport, behind nginx and HAProxy',
  { timeout: IDLE_MS + 60_000 },
  async () => {
    const to = await gateway()
    const mute = await gateway('--heartbeat-interval-ms', '3600000', '--limits-connect-timeout-ms', '600000')
    const nginx = await proxyForTest('nginx')
    await nginx.start(plainNginx(nginx, [to], UPGRADES))
    const control = await proxyForTest('nginx')
    await control.start(plainNginx(control, [mute], UPGRADES))
    // And one that cuts sooner than the server pings is told by the client for what it is.
    const impatient = await proxyForTest('nginx')
    await impatient.start(plainNginx(impatient, [mute], `${UPGRADES} proxy_read_timeout ${IMPATIENT_SECONDS}s;`))
    const suffering = await Promise.all(
      (['websocket', 'sse'] as const).map((transport) =>
        clientForTest(`http://127.0.0.1:${impatient.port}`, [transport], { user: transport }),
      ),
    )
    const haproxy = await proxyForTest('haproxy')
    await haproxy.start(changed(documented('haproxy.cfg'), haproxyHere(haproxy, [to, to])))
    const trusted = `${haproxy.folder}/live.crt`
    const clients = await Promise.all(
      TRANSPORTS.flatMap((transport) => [
        clientForTest(`http://127.0.0.1:${nginx.port}`, [transport], { user: `nginx-${transport}` }),
        clientForTest(`https://127.0.0.1:${haproxy.port}`, [transport], { user: `haproxy-${transport}`, trusted }),
      ]),
    )
    // One that nobody pings shows that the proxy does cut what is silent.
    let cut = false
    const silent = await RawWebSocket.open(control.port)
    void silent.ended.then(() => (cut = true))
    await sleep(IDLE_MS)
    expect(cut).toBe(true)
    expect(clients.map(({ losses }) => losses)).toEqual([[], [], [], [], [], []])
    for (const { losses } of suffering) {
      const [first, ...more] = losses
      expect([first, more.includes('undefined proxy-timeout')]).toEqual(['undefined unknown', true])
    }
    await publish(to, 'still there')
    await until('all have it', () => clients.every(({ data }) => data.length === 1))
    printFigures(
      `behind an nginx that waits ${IMPATIENT_SECONDS} s: ${suffering.map(({ losses }) => losses.join()).join('; ')}`,
    )
    printFigures(
      `idle for ${IDLE_MS / 1_000} s behind nginx and HAProxy: ${clients.flatMap(({ losses }) => losses).length} closes of 6 connections`,
    )
  },
)
