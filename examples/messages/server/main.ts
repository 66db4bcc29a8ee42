// The server of the messages: an HTTP API over a database, pages by Nuxt, and a push to every device.

import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { createTokens } from '@staywire-examples/site/tokens'
import { Accounts } from './accounts.ts'
import { createApi } from './api.ts'
import { openDatabase } from './database.ts'
import { Devices } from './devices.ts'
import { Messages } from './messages.ts'
import { openPages } from './pages.ts'
import { embedded, gateway } from './push.ts'
import { settings } from './settings.ts'

const folder = fileURLToPath(new URL('..', import.meta.url))
const pages = await openPages(folder)

const database = openDatabase(join(folder, settings.DATA_DIR))
const accounts = new Accounts(database)
const tokens = createTokens({ secret: settings.JWT_SECRET, seconds: settings.TOKEN_SECONDS })
const push =
  settings.GATEWAY_URL === undefined
    ? embedded(accounts, tokens)
    : gateway(settings.GATEWAY_URL, settings.GATEWAY_ADMIN_KEY)
const devices = new Devices(database, settings.REFRESH_SECONDS)
const api = getRequestListener(createApi({ accounts, devices, messages: new Messages(database), tokens, push }).fetch)

const http = createHttpServer((request, response) => void answer(request, response))
push.attach(http)
http.listen(settings.PORT, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`)
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop())

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const each of push.answers) if (await each(request, response)) return
  if (request.url?.startsWith('/api/') === true) await api(request, response)
  else pages(request, response)
}

async function stop(): Promise<void> {
  await push.close()
  http.close()
  http.closeAllConnections()
  database.close()
}
