// A chat over event streams. The limits are the point: one stream for each person, and a bound on all of them.

import { fileURLToPath } from 'node:url'
import { fromThisMachine, openSite } from '@staywire-examples/site'
import { createTokens } from '@staywire-examples/site/tokens'
import { createOperations } from 'staywire/operations'
import { createServer } from 'staywire/server'
import { z } from 'zod'
import { settings } from './settings.ts'
import { signIn } from './sign-in.ts'

const tokens = createTokens({ secret: settings.secret, seconds: settings.tokenSeconds })

// `GET /metrics` with `sse_active_connections` and `sse_connection_duration_seconds`, for this machine alone.
const operations = createOperations({ authorize: fromThisMachine })

const server = createServer({
  authenticate: ({ token }) => (token === undefined ? null : tokens.verify(token)),
  channels: {
    'chat:*': {
      subscribe: true,
      publish: true,
      history: { size: 100, ttlMs: 3_600_000 },
      data: z.object({ text: z.string().trim().min(1).max(2_000) }),
    },
  },
  limits: {
    connections: settings.maxConnections,
    connectionsPerUser: settings.streamsPerUser,
    // The new stream is the one somebody looks at: the old one is closed (4507) and stays away.
    connectionsPerUserPolicy: 'evict-oldest',
    idleTimeoutMs: settings.idleMs,
  },
  observer: operations.observer,
})
operations.watch(server)

const site = await openSite(fileURLToPath(new URL('..', import.meta.url)), [operations.handler, signIn(tokens)])
server.attach(site.http)
await site.listen(settings.port, async () => {
  operations.stop()
  await server.close()
})
