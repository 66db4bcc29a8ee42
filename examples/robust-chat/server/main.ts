// A chat whose messages survive `kill -9`, watched: health, metrics, errors and alerts over HTTP, and what happened in `logs/`.

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fromThisMachine, openSite } from '@staywire-examples/site'
import { createTokens } from '@staywire-examples/site/tokens'
import { createOperations } from 'staywire/operations'
import { createServer, embeddedStore } from 'staywire/server'
import { z } from 'zod'
import { alertRules } from './alerts.ts'
import { guest } from './guest.ts'
import { openLog } from './log-file.ts'
import { settings } from './settings.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const logs = join(folder, settings.LOG_DIR)
const log = openLog(logs, 'combined.log', settings.LOG_MAX_BYTES)
const logError = openLog(logs, 'error.log', settings.LOG_MAX_BYTES)

const tokens = createTokens({ secret: settings.JWT_SECRET, seconds: settings.TOKEN_SECONDS })
const store = embeddedStore({ directory: join(folder, settings.DATA_DIR) })

// `GET /api/websocket/{health,metrics,status,errors}`, `POST /api/websocket/metrics/reset` and `GET /api/v1/alerts`.
const operations = createOperations({
  authorize: fromThisMachine,
  storeAvailable: () => store.available,
  alertRules,
  onAlert({ type, alert }) {
    const write = alert.severity === 'ERROR' ? logError : log
    write({ event: `alert ${type}`, rule: alert.rule, severity: alert.severity, value: alert.value })
  },
})

const server = createServer({
  authenticate: ({ token }) => (token === undefined ? null : tokens.verify(token)),
  channels: {
    'chat:*': {
      subscribe: true,
      publish: true,
      history: { size: 200, ttlMs: 86_400_000 },
      data: z.object({ text: z.string().trim().min(1).max(2_000) }),
      batch: { maxDelayMs: settings.BATCH_MS },
    },
  },
  limits: { connections: settings.MAX_CONNECTIONS },
  heartbeat: { intervalMs: settings.HEARTBEAT_INTERVAL_MS, timeoutMs: settings.HEARTBEAT_TIMEOUT_MS },
  compression: { enabled: true, thresholdBytes: settings.COMPRESSION_THRESHOLD_BYTES },
  store,
  observer: operations.observer,
})
operations.watch(server)
server.on('connected', ({ id, user, transport }) => log({ event: 'connected', id, user, transport }))
server.on('disconnected', ({ id, user }, { code, reason }) => log({ event: 'disconnected', id, user, code, reason }))
server.on('error', (error, where) => logError({ event: 'error', where, error: String(error) }))
await server.ready

const site = await openSite(folder, [operations.handler, guest(tokens)])
server.attach(site.http)
log({ event: 'started', pid: process.pid })
await site.listen(settings.PORT, async () => {
  log({ event: 'stopping' })
  operations.stop()
  await server.close()
})
