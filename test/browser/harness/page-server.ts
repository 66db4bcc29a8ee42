// Builds the pages in `pages/` with the built library, as an app would, and serves them from an origin of their own.

import { createServer, type Server } from 'node:http'
import { readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const PAGES = fileURLToPath(new URL('../pages/', import.meta.url))
const OUT = fileURLToPath(new URL('../../../node_modules/.cache/staywire/browser-pages/', import.meta.url))
const TYPES: Record<string, string> = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' }

/** A server of the built pages. */
export interface PageServer {
  /** E.g. `http://127.0.0.1:40124`: the origin that the gateway must allow. */
  readonly origin: string
  close(): Promise<void>
}

/** Where a page comes from, and what else is served with it. */
export interface PageOptions {
  /** The folder of the page. Default: `pages/` beside this harness. */
  readonly folder?: string
  /** Puts a server on the page's own origin. */
  readonly attach?: (http: Server) => void
}

/** Builds `<name>.html` and serves it at `/<name>.html`. */
export async function servePage(name: string, { folder = PAGES, attach }: PageOptions = {}): Promise<PageServer> {
  const outDir = join(OUT, `${name}-${process.pid}`)
  await build({
    root: folder,
    configFile: false,
    logLevel: 'warn',
    mode: 'development',
    // StrictMode mounts twice only in React's development build.
    define: { 'process.env.NODE_ENV': '"development"' },
    build: { outDir, emptyOutDir: true, target: 'es2023', rolldownOptions: { input: join(folder, `${name}.html`) } },
  })
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://page')
    readFile(join(outDir, pathname)).then(
      (content) => response.writeHead(200, { 'content-type': TYPES[extname(pathname)] ?? 'text/plain' }).end(content),
      () => response.writeHead(404).end(),
    )
  })
  attach?.(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The page server has no port.')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
