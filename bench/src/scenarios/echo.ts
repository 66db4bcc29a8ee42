/** Question and answer: what reading, understanding and answering one small message costs. */

import type { Scenario } from '../scenario.ts'

const CLIENTS = 100

export const echo: Scenario = {
  name: 'echo',
  about:
    '64 B there and back on 100 connections, one under way on each (a `call` in Staywire, an acknowledgement in Socket.IO)',
  figures: [{ name: 'cpuUsPerEcho', heading: 'CPU µs per echo', digits: 3 }],
  setup: { channels: 0, burst: 0 },
  memory: false,
  async run(pair, size) {
    const times = size === 'full' ? 2_000 : 600
    const warmUp = Math.ceil(times / 4)
    await pair.open(CLIENTS, 'own')
    await pair.echo(warmUp)
    const cpu = await pair.cpuOf(() => pair.echo(times))
    await pair.verify({ deliveries: 0, answers: warmUp + times })
    return { cpuUsPerEcho: cpu / (times * CLIENTS) }
  },
}
