// Serves the page of an example with Vite, hot while you edit it, beside whatever else the example answers. Nothing in here is
// what an example is about: in an application of your own it is the HTTP server that you have.

import { createServer as createHttpServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createServer as createVite } from 'vite'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))

/** Answers a request and says whether it did. What it leaves is the page's. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>

/** A site that does not listen yet. */
export interface Site {
  /** For `server.attach`. */
  readonly http: Server
  /** Listens on this machine alone, says so, and calls `stop` when the process is told to end. Port 0: any that is free. */
  listen(port: number, stop: () => Promise<void>): Promise<void>
}

/** Opens a site with the page in `folder`, an example's own. `answers` are asked in turn. */
export async function openSite(folder: string, answers: readonly Answer[] = []): Promise<Site> {
  const http = createHttpServer((request, response) => {
    void answered(answers, request, response).then((done) => {
      if (!done) vite.middlewares(request, response)
    })
  })
  const vite = await createVite({
    root: folder,
    logLevel: 'warn',
    clearScreen: false,
    server: { middlewareMode: true, hmr: { server: http }, fs: { allow: [folder, REPOSITORY] } },
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
        await vite.close()
        http.close()
        http.closeAllConnections()
      })
      const { port: chosen } = http.address() as AddressInfo
      console.log(`listening on http://127.0.0.1:${chosen}`)
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
