// The page of an example, by Vite: built at the start and served from memory, or hot, with every file as it is while you edit it.

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, createServer as createVite } from 'vite'

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url))
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
}

/** Answers every request that is for nobody else. */
export interface Pages {
  answer(request: IncomingMessage, response: ServerResponse): void
  close(): Promise<void>
}

/** Builds the page in `folder`, an example's own. What is no file of it is a route of the page. */
export async function builtPages(folder: string): Promise<Pages> {
  const built = await build({ root: folder, logLevel: 'warn', build: { write: false, target: 'es2023' } })
  const files = new Map<string, string | Uint8Array>()
  for (const { output } of 'output' in built ? [built] : Array.isArray(built) ? built : []) {
    for (const file of output) files.set(`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source)
  }
  return {
    answer(request, response) {
      const { pathname } = new URL(request.url ?? '/', 'http://page')
      const path = files.has(pathname) ? pathname : '/index.html'
      // An asset that is not there must not look like one.
      if (path !== pathname && extname(pathname) !== '') return void response.writeHead(404).end()
      response
        .writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'application/octet-stream' })
        .end(files.get(path))
    },
    close: () => Promise.resolve(),
  }
}

/** Serves the page in `folder` as it is edited. A page that loses its server is loaded anew: that is Vite's way, not Staywire's. */
export async function hotPages(folder: string, http: Server): Promise<Pages> {
  const vite = await createVite({
    root: folder,
    logLevel: 'warn',
    clearScreen: false,
    // Bundled anew at each start: the library is a folder of this repository, and may have changed.
    optimizeDeps: { force: true },
    server: { middlewareMode: true, hmr: { server: http }, fs: { allow: [folder, REPOSITORY] } },
  })
  return { answer: vite.middlewares, close: () => vite.close() }
}
