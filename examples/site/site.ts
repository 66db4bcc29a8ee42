// What an example is served by: its page beside whatever else it answers. Nothing in here is what an example is about: in an
// application of your own it is the HTTP server that you have.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { builtPages, hotPages } from './pages.ts'

/** Answers a request and says whether it did. What it leaves is the page's. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/** A site that does not listen yet. */
export interface Site {
  /** For `server.attach`. */
  readonly http: Server
  /** Listens on this machine alone, says so, and calls `stop` when the process is told to end. Port 0: any that is free. */
  listen(port: number, stop: () => Promise<void>): Promise<void>
}

/** Opens a site with the page in `folder`, an example's own. `answers` are asked in turn. `--hot` serves the page as it is edited. */
export async function openSite(folder: string, answers: readonly Answer[] = []): Promise<Site> {
  const http = createHttpServer()
  const pages = process.argv.includes('--hot') ? await hotPages(folder, http) : await builtPages(folder)
  http.on('request', (request, response) => {
    void answered(answers, request, response).then((done) => {
      if (!done) pages.answer(request, response)
    })
  })
  return {
    http,
    async listen(port, stop) {
      await new Promise<void>((resolve, reject) => {
        http.once('error', reject)
        http.listen(port, '127.0.0.1', resolve)
      })
      onSignal(async () => {
        await stop()
        await pages.close()
        http.close()
        http.closeAllConnections()
      })
      console.log(`listening on http://127.0.0.1:${(http.address() as AddressInfo).port}`)
    },
  }
}

async function answered(answers: readonly Answer[], request: IncomingMessage, response: ServerResponse) {
  for (const answer of answers) if (await answer(request, response)) return true
  return false
}

/** Ends in order at the first signal, at once at the second. */
function onSignal(end: () => Promise<void>): void {
  let ending = false
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(130)
      ending = true
      void end()
    })
  }
}

/**
 * Whether a request comes from this machine, by a name that only this machine has, and not by way of a proxy or of a stranger's
 * page. Enough for examples. In production give `createOperations` a key to ask for.
 */
export function fromThisMachine({ socket, headers }: IncomingMessage): boolean {
  const { host = '', origin } = headers
  const local = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host)
  const own = origin === undefined || origin === `http://${host}`
  const forwarded = headers['x-forwarded-for'] !== undefined || headers['forwarded'] !== undefined
  return local && own && !forwarded && /^(::ffff:)?127\.|^::1$/.test(socket.remoteAddress ?? '')
}
