/** What a restart costs its clients: all come back at once, and each recovers everything it missed. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Child } from '../process/child.ts'
import type { Scenario } from '../scenario.ts'

const MISSED = 300
const CLIENTS = 1_000
const SECRET = 'not-a-secret-but-thirty-two-bytes!'

export const recovery: Scenario = {
  name: 'recovery',
  about: `a server restarts; ${CLIENTS.toLocaleString('en')} clients come back at once and recover ${MISSED} publications of 200 B each, from \`connect\` to the last`,
  figures: [
    { name: 'p99Ms', heading: 'p99 ms', digits: 0 },
    { name: 'p50Ms', heading: 'p50 ms', digits: 0 },
    { name: 'readyMs', heading: 'restart to ready, ms', digits: 0 },
  ],
  setup: { channels: 0, burst: 0 },
  memory: false,
  servers: ['staywire'],
  async run() {
    const directory = mkdtempSync(join(tmpdir(), 'staywire-bench-'))
    const start = (): Child => new Child({ name: 'store', file: 'store/main.ts', cpu: undefined })
    const children = [
      start(),
      start(),
      new Child({ name: 'returners', file: 'store/returners.ts', cpu: undefined }),
    ] as const
    const [before, after, returners] = children
    try {
      await before.ask('fill', { directory, count: MISSED })
      await before.stop()
      const { port, epoch, readyMs } = await after.ask<{ port: number; epoch: string; readyMs: number }>('serve', {
        directory,
        secret: SECRET,
      })
      const returning = { port, epoch, secret: SECRET, clients: CLIENTS, missed: MISSED }
      return { ...(await returners.ask<{ p50Ms: number; p99Ms: number }>('back', returning)), readyMs }
    } finally {
      await Promise.all(children.map((child) => child.stop()))
      rmSync(directory, { recursive: true, force: true })
    }
  },
}
